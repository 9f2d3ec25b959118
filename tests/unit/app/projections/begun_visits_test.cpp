// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

#include "app/projections/screen_builder.h"
#include "tests/unit/app/phone_fixture.h"

// What is recorded is stronger than the plan, and a round is made of hours, not of a date.
namespace doorstep::test {
namespace {

using projections::VisitProgress;

bool shows(const projections::RoundScreen& round, std::uint64_t visit) {
  return std::any_of(round.visits.begin(), round.visits.end(),
                     [&](const auto& row) { return row.visit == VisitId(visit); });
}

void pull(TestPhone& phone) {
  phone.take(phone.engine().syncNow());
  phone.talk();
}

// In the middle of visit 101, now and when it is opened again.
void checkShownAsBegun(TestPhone& phone) {
  for (int opened = 0; opened < 2; ++opened) {
    const auto round = phone->round();
    REQUIRE(shows(round, 101));
    const auto row = std::find_if(round.visits.begin(), round.visits.end(),
                                  [](const auto& each) { return each.visit == VisitId(101); });
    CHECK(row->personName == "Person 1");
    CHECK(row->isNext);
    CHECK(row->progress == VisitProgress::CheckedIn);
    const auto visit = phone->visit(VisitId(101));
    REQUIRE(visit.has_value());
    CHECK(visit->canCheckOut);
    CHECK(visit->tasks.size() == 2);
    CHECK(visit->accessNote == "Blue door");
    phone.open();
    phone.start();
    phone.talk();
  }
  phone.record(recording::CheckOut{VisitId(101), {}});
  CHECK(phone->visit(VisitId(101))->row.progress == VisitProgress::CheckedOut);
  phone.talk();
  CHECK(phone->office().visits.at(0).personName == "Person 1");
}

// The plan is what the server says after `change`.
template <typename Change>
void checkBegunStays(Change change) {
  ScriptedServer server;
  server.planDay(2);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  phone.talk();
  change(server, phone);
  checkShownAsBegun(phone);
}

visits::PlannedVisit visitAt(std::uint64_t id, std::int64_t startUnixMs) {
  visits::PlannedVisit visit;
  visit.id = VisitId(id);
  visit.ref = "N" + std::to_string(id);
  visit.person = PersonId(1);
  visit.service = "night";
  visit.windowStartUnixMs = startUnixMs;
  visit.windowEndUnixMs = startUnixMs + 900'000;
  visit.durationMin = 30;
  visit.slots.push_back({1, CarerId(70), "Ana"});
  visit.planVersion = 1;
  return visit;
}

}  // namespace

TEST_CASE("what is begun stays on the round when the office gives it to another carer") {
  checkBegunStays([](ScriptedServer& server, TestPhone& phone) {
    server.unplan(VisitId(101));
    pull(phone);
  });
}

TEST_CASE("a visit that left the plan under the tap is begun as her screen showed it") {
  ScriptedServer server;
  server.planDay(2);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  server.unplan(VisitId(101));
  pull(phone);
  REQUIRE(phone->roster().visit(VisitId(101)) == nullptr);
  phone.record(recording::CheckIn{VisitId(101), {}});
  checkShownAsBegun(phone);
}

TEST_CASE("what is begun stays on the round when it is moved, renamed and then taken away") {
  checkBegunStays([](ScriptedServer& server, TestPhone& phone) {
    auto moved = *phone->roster().visit(VisitId(101));
    moved.windowStartUnixMs += 3 * 24 * 3'600'000LL;
    moved.windowEndUnixMs += 3 * 24 * 3'600'000LL;
    server.plan(moved);
    pull(phone);
    CHECK(shows(phone->round(), 101));
    server.unplan(VisitId(101));
    pull(phone);
  });
}

TEST_CASE("what is begun stays on the round when it is cancelled") {
  checkBegunStays([](ScriptedServer& server, TestPhone& phone) {
    auto cancelled = *phone->roster().visit(VisitId(101));
    cancelled.state = visits::VisitState::Cancelled;
    server.plan(cancelled);
    pull(phone);
  });
}

TEST_CASE("what is begun stays on the round when the copy of the plan is lost") {
  checkBegunStays([](ScriptedServer& server, TestPhone& phone) {
    server.unplan(VisitId(101));
    phone.end();
    std::filesystem::remove(phone.path("roster.db"));
    phone.open();
    CHECK(shows(phone->round(), 101));
  });
}

TEST_CASE("the distance of a check-out is measured after the plan was taken away") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  phone.talk();
  server.unplan(VisitId(101));
  pull(phone);
  phone.fixes.fix = platform::Fix{52.6369, -1.1398, 5, phone.clock.bootMs()};
  phone.record(recording::CheckOut{VisitId(101), {}});
  const auto* attendance = phone->records().attendance(VisitId(101));
  REQUIRE(attendance->checkOut->place.has_value());
  CHECK(attendance->checkOut->place->distanceM == 0U);
}

TEST_CASE("a door without entry stays for a second try when the plan gave it away") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::ReportNoEntry{VisitId(101), visits::NoEntryReason::NoReply});
  phone.talk();
  server.unplan(VisitId(101));
  pull(phone);
  CHECK(shows(phone->round(), 101));
  CHECK(phone->visit(VisitId(101))->canCheckIn);
  phone.clock.advance(13 * 3'600'000);
  CHECK_FALSE(shows(phone->round(), 101));
}

TEST_CASE("a visit that was planned anew under another id is one row while she is in it") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  phone.talk();
  auto again = *phone->roster().visit(VisitId(101));
  again.id = VisitId(901);
  server.unplan(VisitId(101));
  server.plan(again);
  pull(phone);
  CHECK(phone->round().visits.size() == 1);
  CHECK(shows(phone->round(), 101));
}

TEST_CASE("the visit of five past midnight can be opened at two to midnight") {
  constexpr std::int64_t kMidnightUnixMs = 1'795'478'400'000;  // 2026-11-24T00:00 in London
  ScriptedServer server;
  server.planDay(1);
  server.plan(visitAt(201, kMidnightUnixMs + 5 * 60'000));
  server.plan(visitAt(202, kMidnightUnixMs - 30 * 60'000));
  server.plan(visitAt(203, kMidnightUnixMs + 12 * 3'600'000LL));
  TestPhone phone(server);
  phone.start();
  phone.talk();
  CHECK_FALSE(shows(phone->round(), 201));  // in the morning it is far away
  phone.clock.advance(kMidnightUnixMs - 2 * 60'000 - phone.clock.wallUnixMs());
  CHECK(shows(phone->round(), 201));
  CHECK_FALSE(shows(phone->round(), 203));
  CHECK(phone->visit(VisitId(201))->canCheckIn);
  phone.record(recording::CheckIn{VisitId(202), {}});
  phone.clock.advance(10 * 60'000);
  CHECK(phone->round().day == "2026-11-24");
  CHECK(shows(phone->round(), 202));
  CHECK(shows(phone->round(), 201));
  phone.record(recording::CheckOut{VisitId(202), {}});
  CHECK_FALSE(shows(phone->round(), 202));
}

TEST_CASE("a round crosses both clock changes by the hours that pass") {
  // 2026-10-25T00:00Z and 2027-03-28T00:00Z: the clocks change at 01:00Z.
  for (const std::int64_t changeDay : {1'792'886'400'000LL, 1'806'192'000'000LL}) {
    ScriptedServer server;
    server.planDay(1);
    for (std::uint64_t half = 0; half < 8; ++half)
      server.plan(visitAt(300 + half, changeDay + static_cast<std::int64_t>(half) * 1'800'000));
    TestPhone phone(server);
    phone.clock.advance(changeDay - 600'000 - phone.clock.wallUnixMs());
    server.nowUnixMs = phone.clock.wallUnixMs();
    phone.start();
    phone.talk();
    for (std::uint64_t half = 0; half < 8; ++half)
      CHECK(shows(phone->round(), 300 + half));
  }
}

TEST_CASE("the journal forgets a plan when nothing is left about the visit") {
  ScriptedServer server;
  server.planDay(2);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.visit(101);
  phone.visit(102);
  CHECK(phone.journal().keptPlans().size() == 2);
  REQUIRE(phone.journal().keepPlans({{VisitId(999), {"x", ""}}}).ok());
  phone.open();
  CHECK(phone.journal().keptPlans().size() == 2);
}

}  // namespace doorstep::test
