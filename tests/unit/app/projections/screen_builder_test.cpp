// SPDX-License-Identifier: Apache-2.0
#include "app/projections/screen_builder.h"

#include <catch2/catch.hpp>

#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {

using projections::OfficeState;
using projections::VisitProgress;

TEST_CASE("the round shows today's visits in order and marks the next one") {
  ScriptedServer server;
  server.planDay(3);
  TestPhone phone(server);
  CHECK(phone->round().visits.empty());
  phone.start();
  phone.talk();
  auto round = phone->round();
  CHECK(round.day == "2026-11-23");
  CHECK(round.carerName == "Ana");
  REQUIRE(round.visits.size() == 3);
  CHECK(round.visits[0].personName == "Person 1");
  CHECK(round.visits[0].isNext);
  CHECK(round.visits[0].office == OfficeState::NothingRecorded);
  phone.record(recording::CheckIn{VisitId(102), {}});
  round = phone->round();
  CHECK_FALSE(round.visits[0].isNext);
  CHECK(round.visits[1].isNext);
  CHECK(round.visits[1].progress == VisitProgress::CheckedIn);
}

TEST_CASE("the round keeps yesterday's visit until it is finished") {
  ScriptedServer server;
  server.planDay(2);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.visit(101);
  phone.record(recording::CheckIn{VisitId(102), {}});
  phone.clock.advance(24 * 3'600'000);
  const auto round = phone->round();
  CHECK(round.day == "2026-11-24");
  REQUIRE(round.visits.size() == 1);
  CHECK(round.visits[0].visit == VisitId(102));
}

TEST_CASE("at the office is said after the receipt and never before") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.record(recording::CheckIn{VisitId(101), {}});
  CHECK(phone->visit(VisitId(101))->row.office == OfficeState::OnThisPhone);
  CHECK(phone->office().eventsOnThisPhone == 1);
  phone.talk();
  CHECK(phone->visit(VisitId(101))->row.office == OfficeState::AtTheOffice);
  phone.record(recording::AddNote{VisitId(101), "Cheerful"});
  CHECK(phone->visit(VisitId(101))->row.office == OfficeState::OnThisPhone);
  const auto office = phone->office();
  REQUIRE(office.visits.size() == 1);
  CHECK(office.visits[0].eventsAtTheOffice == 1);
  CHECK(office.visits[0].eventsOnThisPhone == 1);
  CHECK(office.lastContactUnixMs.has_value());
}

TEST_CASE("what the office quarantined is shown as such") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  server.quarantineNext = 1;
  phone.record(recording::CheckIn{VisitId(101), {}});
  phone.talk();
  CHECK(phone->visit(VisitId(101))->row.office == OfficeState::OfficeMustLook);
  CHECK(phone->office().entriesQuarantined == 1);
  CHECK(phone->office().eventsOnThisPhone == 0);
}

TEST_CASE("a visit offers what comes next and nothing that was done") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  auto visit = phone->visit(VisitId(101));
  REQUIRE(visit.has_value());
  CHECK((visit->canCheckIn && visit->canReportNoEntry && !visit->canRecord && !visit->canCheckOut));
  CHECK(visit->accessNote == "Blue door");
  phone.record(recording::CheckIn{VisitId(101), {}});
  phone.record(recording::RecordTask{
      VisitId(101), {2, visits::TaskOutcome::NotDone, visits::NotDoneReason::Refused}});
  phone.record(recording::AddNote{VisitId(101), "Not hungry"});
  visit = phone->visit(VisitId(101));
  CHECK((!visit->canCheckIn && !visit->canReportNoEntry && visit->canRecord && visit->canCheckOut));
  REQUIRE(visit->tasks.size() == 2);
  CHECK_FALSE(visit->tasks[0].recorded.has_value());
  CHECK(visit->tasks[1].recorded->reason == visits::NotDoneReason::Refused);
  CHECK(visit->notes.at(0).text == "Not hungry");
  CHECK(visit->checkedInUnixMs == kMorningUnixMs);
  phone.record(recording::CheckOut{VisitId(101), {}});
  visit = phone->visit(VisitId(101));
  CHECK(visit->row.progress == VisitProgress::CheckedOut);
  CHECK((!visit->canCheckIn && visit->canRecord && !visit->canCheckOut));
}

TEST_CASE("a corrected time is what the screen shows") {
  ScriptedServer server;
  TestPhone phone(server);
  const std::uint64_t checkIn = phone.record(recording::CheckIn{VisitId(101), {}});
  const std::int64_t right = kMorningUnixMs - 600'000;
  phone.record(recording::Amend{
      VisitId(101), {checkIn, visits::AmendReason::ForgotToRecord, visits::CorrectedTime{right}}});
  CHECK(phone->visit(VisitId(101))->checkedInUnixMs == right);
}

TEST_CASE("a visit that left the plan still shows what was recorded about it") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.visit(101);
  phone.talk();
  server.unplan(VisitId(101));
  phone.take(phone.engine().syncNow());
  phone.talk();
  CHECK(phone->round().visits.empty());
  REQUIRE(phone->visit(VisitId(101)).has_value());
  CHECK(phone->visit(VisitId(101))->row.progress == VisitProgress::CheckedOut);
  CHECK(phone->office().visits.size() == 1);
}

TEST_CASE("screens are the same after the phone was ended and opened again") {
  ScriptedServer server;
  server.planDay(2);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.visit(101);
  phone.talk();
  const auto before = phone->office();
  phone.open();
  const auto after = phone->office();
  REQUIRE(after.visits.size() == before.visits.size());
  CHECK(after.visits[0].eventsAtTheOffice == before.visits[0].eventsAtTheOffice);
  CHECK(after.lastContactUnixMs == before.lastContactUnixMs);
  CHECK(phone->round().visits.size() == 2);
  CHECK(phone->round().visits[0].progress == VisitProgress::CheckedOut);
}

}  // namespace doorstep::test
