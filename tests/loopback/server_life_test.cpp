// SPDX-License-Identifier: Apache-2.0
// A server that is killed, stopped, started again, verified and rebuilt.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "tests/support/damaged_entry.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

namespace pb = doorstep::sync::v1;

// What one phone was told is durable.
struct Acknowledged {
  std::vector<SigningPhone::Signed> entries;
  std::vector<std::uint64_t> positions;
};

// How the pushing threads stand: exchanges answered over all phones, and threads that still push.
struct Load {
  std::atomic<int> answered = 0;
  std::atomic<int> pushing = 0;
  // Returns early when nobody pushes any more, which the checks after it then tell.
  void waitForAnswers(int count) const {
    while (answered < count && pushing > 0)
      std::this_thread::yield();
  }
};

// Exchanges until the server is gone.
Acknowledged pushUntilGone(TestServer& server, EnrolledPhone& phone, Load& load) {
  SyncClient client(server, &phone);
  Acknowledged acknowledged;
  while (true) {
    const auto entry = phone.signer.record(server.visit(0), 3);
    const auto answer = client.exchange({entry});
    if (!answer.status.ok()) {
      --load.pushing;
      return acknowledged;
    }
    acknowledged.entries.push_back(entry);
    acknowledged.positions.push_back(answer.response.verdicts(0).position());
    ++load.answered;
  }
}

std::string attendanceRows(const TestServer& server) {
  auto database = server.openDatabase();
  auto lease = database->read();
  auto tables = lease->prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name LIKE '%attendance%' OR name "
      "LIKE 'visit_entry%') "
      "ORDER BY name");
  REQUIRE(tables.ok());
  std::string dump;
  while (*tables->step()) {
    const std::string table = tables->columnText(0);
    auto names = lease->prepare(
        "SELECT group_concat('quote(' || name || ')', ' || '','' || ') FROM pragma_table_info('" +
        table + "')");
    REQUIRE(*names->step());
    auto rows = lease->prepare("SELECT " + names->columnText(0) + " AS row FROM " + table +
                               " ORDER BY row");
    REQUIRE(rows.ok());
    while (*rows->step())
      dump += table + ": " + rows->columnText(0) + "\n";
  }
  return dump;
}

TEST_CASE("a server that was killed under load has everything that it acknowledged") {
  constexpr int kPhones = 6;
  TestServer server({.carers = kPhones, .visits = kPhones});
  std::vector<EnrolledPhone> phones;
  for (int i = 0; i < kPhones; ++i)
    phones.push_back(server.enrol(i));
  for (const int killAfter : {1, 40, 200}) {
    server.start();
    Load load{.pushing = kPhones};
    std::vector<Acknowledged> acknowledged(kPhones);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kPhones; ++i)
      threads.emplace_back([&, i] { acknowledged[i] = pushUntilGone(server, phones[i], load); });
    load.waitForAnswers(killAfter);
    server.kill();
    for (auto& thread : threads)
      thread.join();
    REQUIRE(load.answered >= killAfter);

    server.start();
    for (std::size_t i = 0; i < kPhones; ++i) {
      SyncClient client(server, &phones[i]);
      for (std::size_t k = 0; k < acknowledged[i].entries.size(); ++k) {
        const auto answer = client.exchange({acknowledged[i].entries[k]});
        REQUIRE(answer.status.ok());
        REQUIRE(answer.response.verdicts(0).verdict() == pb::VERDICT_ALREADY_KNOWN);
        REQUIRE(answer.response.verdicts(0).position() == acknowledged[i].positions[k]);
      }
      // The chain goes on from what the server holds: the last entry may have been lost with its
      // answer.
      const auto held = client.exchange(pb::ExchangeRequest()).response.held_n();
      REQUIRE(held >= acknowledged[i].entries.size());
      phones[i] = server.enrol(static_cast<int>(i));
    }
    REQUIRE(server.stop() == 0);
    REQUIRE(server.run({"verify"}) == 0);
  }
}

TEST_CASE("a stopping server answers what it took, ends with success and can start again") {
  TestServer server({.carers = 2, .visits = 2});
  auto phone = server.enrol(0);
  server.start();
  Load load{.pushing = 1};
  Acknowledged acknowledged;
  std::thread pusher([&] { acknowledged = pushUntilGone(server, phone, load); });
  load.waitForAnswers(5);
  REQUIRE(load.answered >= 5);
  REQUIRE(server.stop() == 0);
  pusher.join();
  REQUIRE_FALSE(server.directory().readPorts().ok());
  server.start();
  SyncClient client(server, &phone);
  for (const auto& entry : acknowledged.entries)
    REQUIRE(client.exchange({entry}).response.verdicts(0).verdict() == pb::VERDICT_ALREADY_KNOWN);
}

TEST_CASE("one folder has one server, and a killed one leaves no lock behind") {
  TestServer server({.carers = 1, .visits = 1});
  server.start();
  REQUIRE(server.run({"serve"}) == 1);
  REQUIRE(server.run({"rebuild"}) == 1);
  REQUIRE(server.run({"verify"}) == 0);
  server.kill();
  server.start();
  REQUIRE(server.stop() == 0);
}

TEST_CASE("rebuilding gives the rows that the commits had written") {
  TestServer server({.carers = 2, .visits = 6});
  auto first = server.enrol(0);
  auto second = server.enrol(1);
  server.start();
  {
    SyncClient one(server, &first);
    SyncClient two(server, &second);
    for (std::size_t i = 0; i < 6; ++i) {
      REQUIRE(one.exchange({first.signer.record(server.visit(i), 2)}).status.ok());
      REQUIRE(two.exchange({second.signer.record(server.visit(i)),
                            second.signer.record(server.visit(i / 2))})
                  .status.ok());
    }
  }
  REQUIRE(server.stop() == 0);
  const std::string before = attendanceRows(server);
  REQUIRE_FALSE(before.empty());
  std::string output;
  REQUIRE(server.run({"rebuild"}, &output) == 0);
  REQUIRE(output == "rebuilt from " + std::to_string(kOfficeEntries + 18) + " entries\n");
  REQUIRE(attendanceRows(server) == before);
}

TEST_CASE("verify ends with 2 and says where when an entry was altered") {
  TestServer server({.carers = 1, .visits = 1});
  auto phone = server.enrol(0);
  server.start();
  {
    SyncClient client(server, &phone);
    REQUIRE(
        client
            .exchange({phone.signer.record(server.visit(0)), phone.signer.record(server.visit(0))})
            .status.ok());
  }
  REQUIRE(server.stop() == 0);
  {
    auto database = server.openDatabase();
    support::spoilSignature(database->writer(), 1);
  }
  std::string report;
  REQUIRE(server.run({"verify"}, &report) == 2);
  REQUIRE(report.find("position 1: the device did not sign it") != std::string::npos);
}

}  // namespace
}  // namespace doorstep::support
