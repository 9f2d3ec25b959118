// SPDX-License-Identifier: Apache-2.0
#include "app/roster/roster_store.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {
namespace {

doorstep::roster::v1::PlanChanges pull(ScriptedServer& server, std::uint64_t cursor) {
  doorstep::sync::v1::ExchangeRequest request;
  request.set_plan_cursor(cursor);
  return server.exchange(DeviceId(7), request).plan();
}

struct Desk {
  Desk() { open(); }
  void open(std::uint8_t keyByte = 1) {
    store.reset();
    crypto::SecretKey key{};
    key.fill(keyByte);
    auto opened = roster::RosterStore::open(folder.file("roster.db"), key, ids);
    REQUIRE(opened.ok());
    store = std::move(opened).value();
  }
  roster::RosterStore::Applied apply(const doorstep::roster::v1::PlanChanges& changes) {
    const auto applied = store->apply(changes, store->cursor());
    REQUIRE(applied.ok());
    return *applied;
  }

  support::TemporaryFolder folder;
  platform::SeededIdSource ids{1};
  std::unique_ptr<roster::RosterStore> store;
};

using Applied = roster::RosterStore::Applied;

}  // namespace

TEST_CASE("a plan is applied page by page and found again after a restart") {
  ScriptedServer server;
  server.planDay(3);
  server.pageSize = 4;
  Desk desk;
  CHECK(desk.apply(pull(server, 0)) == Applied::More);
  desk.open();
  CHECK(desk.store->cursor() == 4);
  CHECK(desk.apply(pull(server, 4)) == Applied::Whole);
  desk.open();
  CHECK(desk.store->visits().size() == 3);
  CHECK(desk.store->person(PersonId(2))->name == "Person 2");
  CHECK(desk.store->visit(VisitId(103))->tasks.size() == 2);
  CHECK(desk.store->planVersion() == 6);
}

TEST_CASE("names and access notes are sealed in the roster's files") {
  ScriptedServer server;
  server.planDay(3);
  Desk desk;
  desk.apply(pull(server, 0));
  for (const char* name : {"roster.db", "roster.db-wal"}) {
    std::ifstream file(desk.folder.file(name), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    CHECK(bytes.find("Person 2") == std::string::npos);
    CHECK(bytes.find("Blue door") == std::string::npos);
  }
}

TEST_CASE("what leaves the scope leaves the phone") {
  ScriptedServer server;
  server.planDay(2);
  Desk desk;
  desk.apply(pull(server, 0));
  server.unplan(VisitId(101));
  CHECK(desk.apply(pull(server, desk.store->cursor())) == Applied::Whole);
  desk.open();
  CHECK(desk.store->visit(VisitId(101)) == nullptr);
  CHECK(desk.store->visit(VisitId(102)) != nullptr);
}

TEST_CASE("a hole in the scope shows itself and the cursor starts over") {
  ScriptedServer server;
  server.planDay(2);
  auto changes = pull(server, 0);
  changes.mutable_changes()->RemoveLast();  // a visit that got lost
  Desk desk;
  CHECK(desk.apply(changes) == Applied::ScopeMismatch);
  CHECK(desk.store->cursor() == 0);
  CHECK(desk.apply(pull(server, 0)) == Applied::Whole);
}

TEST_CASE("the old copy stays until the new one is complete") {
  ScriptedServer server;
  server.planDay(4);
  Desk desk;
  desk.apply(pull(server, 0));
  ScriptedServer restored(2);
  restored.planDay(3);
  restored.pageSize = 2;
  auto changes = pull(restored, 1'000);
  REQUIRE(changes.reset());
  CHECK(desk.apply(changes) == Applied::More);
  CHECK(desk.store->visits().size() == 4);
  while (desk.apply(pull(restored, desk.store->cursor())) == Applied::More) {
  }
  CHECK(desk.store->visits().size() == 3);
  CHECK(desk.store->people().size() == 3);
  desk.open();
  CHECK(desk.store->visits().size() == 3);
}

TEST_CASE("a page with a fault is refused whole") {
  ScriptedServer server;
  server.planDay(1);
  auto changes = pull(server, 0);
  changes.add_changes();
  Desk desk;
  const auto applied = desk.store->apply(changes, 0);
  REQUIRE_FALSE(applied.ok());
  CHECK(applied.error().reason == "PLAN_MALFORMED");
  CHECK(desk.store->visits().empty());
}

TEST_CASE("a roster that the key does not open is fetched anew") {
  ScriptedServer server;
  server.planDay(1);
  Desk desk;
  desk.apply(pull(server, 0));
  desk.open(2);
  CHECK(desk.store->cursor() == 0);
  CHECK(desk.store->visits().empty());
  CHECK(desk.apply(pull(server, 0)) == Applied::Whole);
}

}  // namespace doorstep::test
