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

doorstep::roster::v1::PlanObject object(std::uint32_t kind, std::uint64_t id, std::string bytes) {
  doorstep::roster::v1::PlanObject made;
  made.set_kind(kind);
  made.set_id(id);
  made.set_bytes(std::move(bytes));
  return made;
}

TEST_CASE("objects of unknown kinds are kept, counted and removed, and shown nowhere") {
  ScriptedServer server;
  server.planDay(2);
  server.plan(object(3, 101, "carers of this device"));
  server.plan(object(4'000'000'000, 1, std::string("\0\xff", 2)));
  server.plan(object(7, UINT64_MAX, ""));
  Desk desk;
  CHECK(desk.apply(pull(server, 0)) == Applied::Whole);
  CHECK(desk.store->visits().size() == 2);
  CHECK(desk.store->people().size() == 2);
  desk.open();  // found again with the next change's hash
  server.plan(object(3, 101, "other carers"));
  CHECK(desk.apply(pull(server, desk.store->cursor())) == Applied::Whole);
  server.unplan(3, 101);
  server.unplan(7, UINT64_MAX);
  server.unplan(8, 1);  // never held
  CHECK(desk.apply(pull(server, desk.store->cursor())) == Applied::Whole);
  CHECK(desk.store->visit(VisitId(101)) != nullptr);
}

TEST_CASE("unknown kinds that a full copy does not name leave with the old copy") {
  ScriptedServer server;
  server.planDay(1);
  server.plan(object(9, 1, "before"));
  server.plan(object(9, 2, "before"));
  Desk desk;
  desk.apply(pull(server, 0));
  ScriptedServer restored(2);
  restored.planDay(1);
  restored.plan(object(9, 2, "after"));
  CHECK(desk.apply(pull(restored, 1'000)) == Applied::Whole);
  desk.open();
  restored.unplan(9, 2);
  CHECK(desk.apply(pull(restored, desk.store->cursor())) == Applied::Whole);
}

TEST_CASE("fields of a later release are kept and told as they came") {
  ScriptedServer server;
  server.planDay(1);
  visits::PlannedVisit visit;
  {
    Desk first;
    first.apply(pull(server, 0));
    visit = *first.store->visit(VisitId(101));
  }
  auto later = wire::planObject(visit);
  // Field 1,000 of length 3, and field 4 again: no encoder of ours writes them like this.
  later.set_bytes(later.bytes() +
                  "\xc2\x3e\x03"
                  "new" +
                  std::string("\x20\x80\x80\x00", 4));
  server.plan(later);
  Desk desk;
  CHECK(desk.apply(pull(server, 0)) == Applied::Whole);
  desk.open();
  REQUIRE(desk.store->visit(VisitId(101)) != nullptr);
  CHECK(desk.store->visit(VisitId(101))->windowStartUnixMs == 0);
  CHECK(desk.store->encoded(VisitId(101))->visit == later.bytes());
  server.planDay(1);
  CHECK(desk.apply(pull(server, desk.store->cursor())) == Applied::Whole);
}

TEST_CASE("an object that cannot be read is kept and stops no other") {
  ScriptedServer server;
  server.planDay(2);
  server.plan(object(wire::kVisitKind, 101, "\xff\xff"));
  server.plan(object(wire::kVisitKind, 102, ""));
  server.plan(object(wire::kPersonKind, 0, "\xff"));
  Desk desk;
  CHECK(desk.apply(pull(server, 0)) == Applied::Whole);
  desk.open();
  CHECK(desk.store->visits().empty());
  CHECK(desk.store->people().size() == 2);
  CHECK_FALSE(desk.store->encoded(VisitId(101)));
  server.planDay(2);
  CHECK(desk.apply(pull(server, desk.store->cursor())) == Applied::Whole);
  CHECK(desk.store->visits().size() == 2);
}

TEST_CASE("a change of no kind is refused") {
  Desk desk;
  doorstep::roster::v1::PlanChanges changes;
  *changes.add_changes()->mutable_object() = object(0, 1, "x");
  CHECK(desk.store->apply(changes, 0).error().reason == "PLAN_MALFORMED");
  changes.mutable_changes(0)->mutable_removed()->set_id(1);
  CHECK(desk.store->apply(changes, 0).error().reason == "PLAN_MALFORMED");
}

}  // namespace doorstep::test
