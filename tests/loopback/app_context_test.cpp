// SPDX-License-Identifier: Apache-2.0
// The phone's app without its screens: enrolment, PIN, taps and receipts against a real server.
#include <catch2/catch.hpp>

#include "shared/core/durations.h"
#include "tests/loopback/app_desk.h"

namespace doorstep::support {

using projections::OfficeState;

TEST_CASE("a phone is enrolled, shows its round, and a tap is at the office after its receipt") {
  AppServer server;
  AppDesk desk;
  CHECK(desk.screens().access == app::Access::NotEnrolled);
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  const VisitId visit = desk.firstVisit();
  REQUIRE(desk.pushes(visit, recording::CheckIn{visit, {}}));
  CHECK(desk.screens().office.eventsOnThisPhone == 0);
  CHECK(desk.screens().visit->canCheckOut);
}

TEST_CASE("a phone whose server is gone records on, through a restart and a wrong PIN") {
  AppServer server;
  AppDesk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  const VisitId visit = desk.firstVisit();
  server.kill();
  REQUIRE(desk.record(recording::CheckIn{visit, {}}) == "ok");
  CHECK(desk.reaches(
      [](const app::Screens& screens) { return !screens.office.lastFailureReason.empty(); }));
  desk.end();
  desk.begin();
  CHECK(desk.screens().access == app::Access::Locked);
  CHECK(desk.screens().round.visits.empty());
  CHECK(desk.record(recording::CheckOut{visit, {}}) == "NOT_UNLOCKED");
  CHECK(desk.unlock("0000") == "PIN_WRONG");
  REQUIRE(desk.unlock() == "ok");
  REQUIRE(desk.record(recording::CheckOut{visit, {}}) == "ok");
  desk.app().showVisit(visit);
  REQUIRE(desk.reaches([](const app::Screens& screens) {
    return screens.visit && screens.visit->checkedOutUnixMs;
  }));
  CHECK(desk.screens().visit->row.office == OfficeState::OnThisPhone);
  CHECK(desk.screens().office.eventsOnThisPhone == 2);
}

TEST_CASE("a locked phone shows and records nothing until its PIN is given") {
  AppServer server;
  AppDesk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  REQUIRE(desk.showsRound());
  desk.app().lock();
  REQUIRE(desk.reaches(
      [](const app::Screens& screens) { return screens.access == app::Access::Locked; }));
  CHECK(desk.screens().round.visits.empty());
  CHECK(desk.screens().round.carerName.empty());
  REQUIRE(desk.unlock() == "ok");
  REQUIRE(desk.showsRound());
}

TEST_CASE("an enrolment text works once") {
  AppServer server;
  AppDesk desk;
  AppDesk other;
  const std::string text = server.enrolmentText();
  REQUIRE(desk.enrol(text) == "ok");
  CHECK(other.enrol(text) == "CODE_USED");
  CHECK(other.screens().access == app::Access::NotEnrolled);
  CHECK(other.enrol("doorstep-enrol:1:") == "ENROLMENT_TEXT_PARTIAL");
}

TEST_CASE("a phone with a wrong date enrols, shows the true day's round and says so") {
  AppServer server;
  const std::int64_t now = SystemClock().wallUnixMs();
  const auto saysDate = [](const app::Screens& screens) {
    return screens.round.clockFault == projections::ClockFault::Date;
  };
  // A battery that was empty, a year behind, and after every certificate has ended.
  for (const std::int64_t errorMs : {-now, -365 * kDayMs, 4'000 * kDayMs}) {
    CAPTURE(errorMs / kDayMs);
    AppDesk desk(errorMs);
    REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
    const VisitId visit = desk.firstVisit();
    REQUIRE(desk.hearsTheOffice());
    CHECK(desk.reaches(saysDate));
    CHECK(desk.screens().round.needsCode == projections::NeedsCode::No);
    CHECK(desk.pushes(visit, recording::CheckIn{visit, {}}));
    desk.end();
    desk.begin();
    REQUIRE(desk.unlock() == "ok");
    CHECK(desk.reaches(saysDate));
    CHECK(desk.pushes(visit, recording::CheckOut{visit, {}}));
  }
}

}  // namespace doorstep::support
