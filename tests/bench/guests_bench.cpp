// SPDX-License-Identifier: Apache-2.0
// What a phone's exchange waits while others ask much of the server: a council account that asks
// for the totals of years again and again, and a phone that sends 16,384 amendments of one visit.
// The floor is the same phones alone, in the same run. Then what a supervisor waits for the page of
// that visit, and for that of a visit with as many events as count; the floor is the page of a
// visit with one event.
#include <absl/synchronization/mutex.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <span>
#include <thread>
#include <vector>

#include "shared/core/mutex.h"
#include "shared/visits/limits.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/roster/provider_setup.h"
#include "tests/bench/percentiles.h"
#include "tests/support/https_client.h"
#include "tests/support/sync_client.h"

namespace doorstep::bench {
namespace {

namespace pb = doorstep::sync::v1;

constexpr std::size_t kPhones = 4;
constexpr std::size_t kColleagues = visits::kEventsPerVisitMax / visits::kEventsPerVisitOfDeviceMax;
constexpr std::size_t kGuests = 8;
constexpr std::size_t kExchangesEach = 500;
constexpr std::size_t kPagesEach = 20;
constexpr const char* kPassword = "a long enough password";

template <typename T>
T must(Result<T> result) {
  if (!result.ok())
    fmt::print(stderr, "{}: {}\n", result.error().reason, result.error().text);
  return std::move(result).value();
}

void addAccounts(support::TestServer& server) {
  SystemClock clock;
  SystemIdSource ids;
  const auto password = must(identity::hashPassword(kPassword, ids, {.logN = 10}));
  const auto database = server.openDatabase();
  must(database->write([&](sql::Database& writer) -> Status {
    identity::Account officer;
    officer.login = "olu";
    officer.displayName = "Olu";
    officer.role = identity::Role::Council;
    DOORSTEP_ASSIGN(officer.council, roster::ensureCouncil(writer, "Example Council", clock, ids));
    DOORSTEP_TRY(identity::addAccount(writer, officer, password, clock, ids));
    identity::Account supervisor;
    supervisor.login = "sue";
    supervisor.displayName = "Sue";
    supervisor.role = identity::Role::Supervisor;
    supervisor.provider = server.provider();
    DOORSTEP_TRY(identity::addAccount(writer, supervisor, password, clock, ids));
    return kDone;
  }));
}

std::unique_ptr<support::HttpsClient> connect(const support::TestServer& server) {
  return must(support::HttpsClient::connect("127.0.0.1", server.webPort(), {}));
}

std::string signIn(support::HttpsClient& client, const char* login) {
  const auto answer =
      must(client.call("/doorstep.admin.v1.AccountService/SignIn",
                       fmt::format(R"({{"login":"{}","password":"{}"}})", login, kPassword)));
  if (answer.status != 200)
    fmt::print("cannot sign in: {}\n", answer.body);
  const std::string cookie = answer.header("set-cookie");
  return "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
}

struct Asked {
  std::atomic<std::size_t> answered = 0;
  std::atomic<std::size_t> refused = 0;
};

// Eight connections of one account, each with a question at all times until `over`.
void askForTotals(const support::TestServer& server, const std::atomic<bool>& over, Asked& asked) {
  const std::string cookie = signIn(*connect(server), "olu");
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kGuests; ++i)
    threads.emplace_back([&] {
      auto client = connect(server);
      while (!over) {
        const auto answer = client->call("/doorstep.records.v1.RecordsService/GetTotals",
                                         R"({"filter":{}})", cookie);
        if (answer.ok() && answer->status == 200)
          ++asked.answered;
        else if (asked.refused++ == 0)
          fmt::print("  first refusal: {} {}\n", answer.ok() ? answer->status : 0,
                     answer.ok() ? answer->body : answer.error().reason);
        if (!answer.ok())
          client = connect(server);
      }
    });
  for (auto& thread : threads)
    thread.join();
}

// One exchange with that many amendments of one event of one visit, 256 an entry. How many entries
// of them count.
std::size_t amend(support::TestServer& server, support::EnrolledPhone& phone, VisitId visit,
                  std::size_t amendments) {
  support::SyncClient client(server, &phone);
  client.exchange({phone.signer.record(visit)});
  std::vector<support::SigningPhone::Signed> entries;
  for (std::size_t done = 0; done < amendments; done += visits::kEventsPerEntryMax) {
    auto entry = phone.signer.next(visit, std::min(amendments - done, visits::kEventsPerEntryMax));
    for (visits::Event& event : entry.events)
      event.fact = visits::Amended{1, visits::AmendReason::WrongTap,
                                   visits::CorrectedTime{1'790'000'000'000}};
    entries.push_back(phone.signer.seal(entry));
  }
  std::size_t counted = 0;
  const auto answer = client.exchange(entries);
  for (const auto& verdict : answer.response.verdicts())
    counted += verdict.verdict() == pb::VERDICT_ACCEPTED ? 1 : 0;
  return counted;
}

// Phones that exchange with nothing new, one after another each.
Percentiles exchangeAll(support::TestServer& server,
                        const std::vector<support::EnrolledPhone>& phones) {
  Mutex mutex;
  Percentiles all;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kPhones; ++i)
    threads.emplace_back([&, i] {
      support::SyncClient client(server, &phones[i]);
      pb::ExchangeRequest request;
      while (true) {
        const auto answer = client.exchange(request);
        if (!answer.status.ok() || !answer.response.has_plan())
          break;
        request.set_plan_cursor(answer.response.plan().next_cursor());
      }
      for (std::size_t k = 0; k < kExchangesEach; ++k) {
        const Stopwatch watch;
        const bool ok = client.exchange(request).status.ok();
        const MutexLock lock(mutex);
        all.add(ok ? watch.us() : 1e9);
      }
    });
  for (auto& thread : threads)
    thread.join();
  return all;
}

Percentiles openVisit(support::HttpsClient& client, const std::string& cookie, VisitId visit,
                      std::size_t& bytes) {
  Percentiles times;
  for (std::size_t i = 0; i < kPagesEach; ++i) {
    const Stopwatch watch;
    const auto answer =
        must(client.call("/doorstep.monitoring.v1.BoardService/GetVisit",
                         fmt::format(R"({{"visitId":"{}"}})", visit.value), cookie));
    times.add(answer.status == 200 ? watch.us() : 1e9);
    bytes = answer.body.size();
  }
  return times;
}

void print(const char* what, Percentiles& times, Percentiles& alone) {
  fmt::print("{:<34} {:>9.2f} {:>9.2f} {:>9.2f} {:>9.1f}\n", what, times.at(50) / 1e3,
             times.at(99) / 1e3, times.at(100) / 1e3, times.at(99) / alone.at(99));
  std::fflush(stdout);
}

// Each phone of the span sends as many events about the visit as count of one.
void fill(support::TestServer& server, std::span<support::EnrolledPhone> phones, VisitId visit) {
  for (support::EnrolledPhone& phone : phones) {
    if (amend(server, phone, visit, visits::kEventsPerVisitOfDeviceMax - 1) != 2)
      fmt::print("  not all events of a phone count\n");
  }
}

// Once the visit of that index is amended and that of the next one is full.
void measurePages(support::TestServer& server, support::EnrolledPhone& phone) {
  support::SyncClient(server, &phone).exchange({phone.signer.record(server.visit(0))});
  auto client = connect(server);
  const std::string cookie = signIn(*client, "sue");
  std::size_t smallBytes = 0;
  std::size_t largeBytes = 0;
  Percentiles small = openVisit(*client, cookie, server.visit(0), smallBytes);
  Percentiles large = openVisit(*client, cookie, server.visit(kPhones), largeBytes);
  std::size_t fullBytes = 0;
  Percentiles full = openVisit(*client, cookie, server.visit(kPhones + 1), fullBytes);
  print("page of a visit with one event", small, small);
  print("page of the amended visit", large, small);
  print("page of a visit of 4,096 events", full, small);
  fmt::print("  pages: {}, {} and {} bytes\n", smallBytes, largeBytes, fullBytes);
}

void measure(int visits) {
  support::TestServer server(
      {.carers = static_cast<int>(kPhones + 1 + kColleagues), .visits = visits});
  addAccounts(server);
  std::vector<support::EnrolledPhone> phones = server.enrolAll();
  server.start();
  fmt::print("{} visits, {} phones with nothing new\n", visits, kPhones);
  fmt::print("{:<34} {:>9} {:>9} {:>9} {:>9}\n", "beside", "p50 ms", "p99 ms", "worst",
             "p99 ratio");
  Percentiles alone = exchangeAll(server, phones);
  print("nobody", alone, alone);

  std::atomic<bool> over = false;
  Asked asked;
  std::thread guests([&] { askForTotals(server, over, asked); });
  Percentiles beside = exchangeAll(server, phones);
  over = true;
  print("8 GetTotals of one account", beside, alone);
  guests.join();
  fmt::print(
      "  totals: {} answered, {} refused; WAL {:.1f} MB\n", asked.answered.load(),
      asked.refused.load(),
      static_cast<double>(std::filesystem::file_size(server.directory().databasePath() + "-wal")) /
          1e6);

  std::size_t counted = 0;
  double amendMs = 0;
  std::thread hostile([&] {
    const Stopwatch watch;
    counted = amend(server, phones[kPhones], server.visit(kPhones), 64 * 256);
    amendMs = watch.us() / 1e3;
  });
  Percentiles amended = exchangeAll(server, phones);
  hostile.join();
  print("16,384 amendments of one visit", amended, alone);
  fmt::print("  amendments: {} of 64 entries counted, answered in {:.0f} ms\n", counted, amendMs);
  fill(server, std::span(phones).subspan(kPhones + 1), server.visit(kPhones + 1));
  measurePages(server, phones.front());
}

}  // namespace
}  // namespace doorstep::bench

// With an argument: how many visits the totals are over.
int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  doorstep::bench::measure(argc > 1 ? std::atoi(argv[1]) : 255'000);
  return 0;
}
