// SPDX-License-Identifier: Apache-2.0
// From a check-in to 200 boards: how long after a phone sends an exchange each watcher, over HTTPS
// through the front, has the visit's changed row. Floors, from the same run: the exchange itself,
// to its receipt, and one small call through the front.
#include <absl/synchronization/mutex.h>
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "doorstep/admin/v1/account_service.pb.h"
#include "doorstep/monitoring/v1/board_service.pb.h"
#include "shared/core/mutex.h"
#include "sync-server/monitoring/tuning.h"
#include "tests/bench/percentiles.h"
#include "tests/support/https_client.h"
#include "tests/support/sync_client.h"

namespace doorstep::bench {
namespace {

constexpr int kWatchers = 200;
constexpr int kCarers = 20;
constexpr int kCheckIns = 100;
constexpr int kCalls = 500;
constexpr std::size_t kEnvelopeHeaderBytes = 5;

// What the watchers report to.
class Round {
 public:
  void begin(VisitId visit) {
    const MutexLock lock(mutex_);
    visit_ = visit.value;
    seen_ = 0;
    stopwatch_ = Stopwatch();
  }
  void seen(std::uint64_t visit) {
    const MutexLock lock(mutex_);
    if (visit != visit_)
      return;
    latencyUs_.add(stopwatch_.us());
    if (++seen_ == kWatchers) {
      lastUs_.add(stopwatch_.us());
      changed_.notifyAll();
    }
  }
  // False: some watcher has not seen it within ten seconds.
  bool wait() {
    const auto deadline = Condition::deadlineIn(std::chrono::seconds(10));
    const MutexLock lock(mutex_);
    while (seen_ < kWatchers && changed_.waitUntil(mutex_, deadline)) {
    }
    return seen_ >= kWatchers;
  }
  Percentiles latencyUs() {
    const MutexLock lock(mutex_);
    return latencyUs_;
  }
  Percentiles lastUs() {
    const MutexLock lock(mutex_);
    return lastUs_;
  }

 private:
  Mutex mutex_;
  Condition changed_;
  std::uint64_t visit_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  int seen_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  Stopwatch stopwatch_ DOORSTEP_GUARDED_BY(mutex_);
  Percentiles latencyUs_ DOORSTEP_GUARDED_BY(mutex_);  // every watcher
  Percentiles lastUs_ DOORSTEP_GUARDED_BY(mutex_);     // the last of each round
};

std::unique_ptr<support::HttpsClient> connect(const support::TestServer& server) {
  auto client = support::HttpsClient::connect("127.0.0.1", server.webPort(), {});
  DOORSTEP_CHECK(client.ok());
  return std::move(client).value();
}

std::string signIn(support::TestServer& server, support::HttpsClient& client) {
  std::string output;
  DOORSTEP_CHECK(server.run({"account", "create", "--role", "operator", "watcher"}, &output) == 0);
  const std::string password =
      output.substr(output.find(' ') + 1, output.find('\n') - output.find(' ') - 1);
  const auto reply = client.call("/doorstep.admin.v1.AccountService/SignIn",
                                 R"({"login":"watcher","password":")" + password + "\"}");
  DOORSTEP_CHECK(reply.ok() && reply->status == 200);
  const std::string cookie = reply->header("set-cookie");
  return "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
}

// Opens a watch and reads rows until the server ends it.
void watchBoard(const support::TestServer& server, const std::string& cookie,
                std::uint64_t revision, Round& round, std::atomic<int>& watching) {
  monitoring::v1::WatchBoardRequest request;
  request.set_provider_id(server.provider().value);
  request.set_after_revision(revision);
  const std::string bytes = request.SerializeAsString();
  std::string body(kEnvelopeHeaderBytes, '\0');
  body.back() = static_cast<char>(bytes.size());
  body += bytes;
  const auto client = connect(server);
  DOORSTEP_CHECK(
      client
          ->send("POST /doorstep.monitoring.v1.BoardService/WatchBoard HTTP/1.1\r\nHost: x\r\n" +
                 cookie + "Content-Type: application/connect+proto\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body)
          .ok());
  const auto head = client->readHead();
  DOORSTEP_CHECK(head.ok() && head->status == 200);
  ++watching;
  while (true) {
    const auto chunk = client->readChunk();
    if (!chunk.ok() || !*chunk || (**chunk)[0] != 0)
      return;
    monitoring::v1::WatchBoardResponse response;
    DOORSTEP_CHECK(response.ParseFromString((*chunk)->substr(kEnvelopeHeaderBytes)));
    for (const auto& row : response.rows()) {
      if (row.slots_size() > 0 && row.slots(0).has_checked_in_unix_ms())
        round.seen(row.visit_id());
    }
  }
}

void print(const char* what, Percentiles us) {
  fmt::print("{:38} p50 {:7.2f} ms  p99 {:7.2f} ms  max {:7.2f} ms\n", what, us.at(50) / 1000,
             us.at(99) / 1000, us.at(100) / 1000);
}

int run() {
  support::TestServer server({.carers = kCarers, .visits = kCarers * 12});
  auto phones = server.enrolAll();
  server.start();
  const auto client = connect(server);
  const std::string cookie = signIn(server, *client);

  Percentiles callUs;
  for (int i = 0; i < kCalls; ++i) {
    const Stopwatch watch;
    DOORSTEP_CHECK(
        client->call("/doorstep.admin.v1.AccountService/GetSession", "{}", cookie)->status == 200);
    callUs.add(watch.us());
  }
  monitoring::v1::GetBoardRequest boardRequest;
  boardRequest.set_provider_id(server.provider().value);
  const auto reply = client->request("POST", "/doorstep.monitoring.v1.BoardService/GetBoard",
                                     cookie + "Content-Type: application/proto\r\n",
                                     boardRequest.SerializeAsString());
  monitoring::v1::GetBoardResponse board;
  DOORSTEP_CHECK(reply.ok() && reply->status == 200 && board.ParseFromString(reply->body));

  Round round;
  std::atomic<int> watching{0};
  std::vector<std::thread> watchers;
  for (int i = 0; i < kWatchers; ++i)
    watchers.emplace_back([&] { watchBoard(server, cookie, board.revision(), round, watching); });
  while (watching < kWatchers)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));

  std::vector<std::unique_ptr<support::SyncClient>> clients;
  for (const auto& phone : phones)
    clients.push_back(std::make_unique<support::SyncClient>(server, &phone));
  for (auto& each : clients)
    DOORSTEP_CHECK(each->exchange(std::vector<support::SigningPhone::Signed>()).status.ok());
  Percentiles exchangeUs;
  int exitCode = 0;
  for (std::size_t i = 0; i < kCheckIns && exitCode == 0; ++i) {
    auto& phone = phones[i % kCarers];
    const auto entry = phone.signer.record(server.visit(i));
    round.begin(server.visit(i));
    const Stopwatch watch;
    DOORSTEP_CHECK(clients[i % kCarers]->exchange({entry}).status.ok());
    exchangeUs.add(watch.us());
    if (!round.wait()) {
      fmt::print(stderr, "check-in {} did not reach every board\n", i);
      exitCode = 1;
    }
  }
  server.stop();
  for (std::thread& watcher : watchers)
    watcher.join();
  fmt::print("{} check-ins, {} boards over HTTPS, all on this machine\n", kCheckIns, kWatchers);
  print("check-in sent to row on a board", round.latencyUs());
  print("check-in sent to row on the last board", round.lastUs());
  fmt::print("{:38} up to {} ms: changes of so long are published together\n",
             "  of it, on purpose", monitoring::kPublishInterval.count());
  print("floor: the exchange alone, to receipt", exchangeUs);
  print("floor: one call through the front", callUs);
  return exitCode;
}

}  // namespace
}  // namespace doorstep::bench

int main() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return doorstep::bench::run();
}
