// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sync-server/monitoring/board_loader.h"
#include "tests/unit/sync-server/records/provider_day.h"

// A board shows what is not over, whatever its day, and what is recorded is stronger than the plan.
namespace doorstep::monitoring {
namespace {

using support::ProviderDay;

struct Night {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  CarerId bea = day.addCarer(provider, "Bea");
  PersonId person = day.addPerson(provider, "p1", "north");

  VisitId visit(const std::string& from, const std::string& to, CarerId carer) {
    return day.addVisit(
        provider, {.person = person, .carers = {carer}, .from = from, .to = to, .durationMin = 15});
  }
  LoadedBoard open(const std::string& of) {
    return loadBoard(day.storage().read(), provider, londonDayBounds(of).value(), day.now())
        .value();
  }
  bool refresh(LoadedBoard& board, const std::string& of) {
    return refreshPlan(day.storage().read(), provider, londonDayBounds(of).value(), day.now(),
                       board)
        .value();
  }
  v1::BoardState stateOf(const LoadedBoard& board, VisitId visit) {
    const v1::BoardRow* row = board.board.row(visit);
    return row == nullptr ? v1::BOARD_STATE_UNSPECIFIED : row->state();
  }
  void begin(VisitId visit, const std::string& at) {
    day.checkIn(ann, visit, at);
    day.send(ann, at);
  }
};

void moveByADay(visits::PlannedVisit& visit) {
  visit.windowStartUnixMs += 24 * 3'600'000;
  visit.windowEndUnixMs += 24 * 3'600'000;
}

}  // namespace

TEST_CASE("the night's visits stay on the board after midnight, across the clock changes too") {
  struct Case {
    std::string before, after;
  };
  for (const Case& night : {Case{"2026-11-23", "2026-11-24"}, Case{"2026-10-24", "2026-10-25"},
                            Case{"2026-10-25", "2026-10-26"}, Case{"2027-03-27", "2027-03-28"},
                            Case{"2027-03-28", "2027-03-29"}}) {
    INFO(night.before);
    Night office;
    office.day.setNow(night.before + "T20:00:00");
    const VisitId begun =
        office.visit(night.before + "T23:30:00", night.before + "T23:45:00", office.ann);
    const VisitId missed =
        office.visit(night.before + "T23:30:00", night.before + "T23:30:00", office.bea);
    const VisitId done =
        office.visit(night.before + "T19:00:00", night.before + "T19:15:00", office.ann);
    office.day.checkIn(office.ann, done, night.before + "T19:05:00");
    office.day.checkOut(office.ann, done, night.before + "T19:20:00");
    office.begin(begun, night.before + "T23:32:00");
    for (const char* time : {"T00:03:00", "T03:30:00", "T08:00:00"}) {
      office.day.setNow(night.after + time);
      LoadedBoard board = office.open(night.after);
      CHECK(board.board.size() == 2);
      CHECK(office.stateOf(board, begun) == v1::BOARD_STATE_OVERRUNNING);
      CHECK(office.stateOf(board, missed) != v1::BOARD_STATE_UNSPECIFIED);
      CHECK(board.board.row(missed)->attention() >= 10);
      CHECK_FALSE(dropPassed(office.day.now(), board));
    }
    office.day.setNow(night.after + "T14:00:00");
    LoadedBoard later = office.open(night.after);
    CHECK(later.board.holds(begun));
    CHECK_FALSE(later.board.holds(missed));
    CHECK(office.open(night.before).board.size() == 3);
  }
}

TEST_CASE("a board that was opened before its day began takes in the night at midnight") {
  Night office;
  const VisitId begun = office.visit("2026-11-23T23:30:00", "2026-11-23T23:45:00", office.ann);
  office.begin(begun, "2026-11-23T23:32:00");
  office.day.setNow("2026-11-23T23:50:00");
  LoadedBoard tomorrow = office.open("2026-11-24");
  CHECK(tomorrow.board.size() == 0);
  office.day.setNow("2026-11-24T00:00:00");
  REQUIRE(carryOver(office.day.storage().read(), office.provider,
                    londonDayBounds("2026-11-24").value(), office.day.now(), tomorrow)
              .ok());
  CHECK(tomorrow.board.holds(begun));
  CHECK_FALSE(dropPassed(office.day.now(), tomorrow));
}

TEST_CASE("a carried row leaves when nobody will resolve it, and not while somebody is in") {
  Night office;
  const VisitId missed = office.visit("2026-11-23T23:30:00", "2026-11-23T23:45:00", office.bea);
  const VisitId begun = office.visit("2026-11-23T23:30:00", "2026-11-23T23:45:00", office.ann);
  office.begin(begun, "2026-11-23T23:32:00");
  office.day.setNow("2026-11-24T00:10:00");
  LoadedBoard board = office.open("2026-11-24");
  CHECK(board.board.size() == 2);
  office.day.setNow("2026-11-24T12:01:00");
  CHECK(dropPassed(office.day.now(), board));
  CHECK_FALSE(board.board.holds(missed));
  CHECK(board.board.holds(begun));
}

TEST_CASE("a visit that is moved to another day while a carer is in it stays on today's board") {
  Night office;
  office.day.setNow("2026-11-23T08:06:00");
  const VisitId visit = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  office.begin(visit, "2026-11-23T08:06:00");
  LoadedBoard board = office.open("2026-11-23");
  for (int days = 0; days < 3; ++days) {
    office.day.change(office.provider, visit, moveByADay);
    CHECK_FALSE(office.refresh(board, "2026-11-23"));
    CHECK(office.stateOf(board, visit) == v1::BOARD_STATE_IN_PROGRESS);
    CHECK(office.stateOf(office.open("2026-11-23"), visit) == v1::BOARD_STATE_IN_PROGRESS);
  }
  // A visit that nobody has begun leaves with the plan.
  const VisitId other = office.visit("2026-11-23T09:00:00", "2026-11-23T09:30:00", office.bea);
  (void)office.refresh(board, "2026-11-23");
  CHECK(board.board.holds(other));
  office.day.change(office.provider, other, moveByADay);
  CHECK(office.refresh(board, "2026-11-23"));
  CHECK_FALSE(board.board.holds(other));
}

TEST_CASE("a check-in that arrives after the visit was moved brings it onto today's board") {
  Night office;
  office.day.setNow("2026-11-23T08:06:00");
  const VisitId visit = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  office.day.change(office.provider, visit, moveByADay);
  LoadedBoard board = office.open("2026-11-23");
  CHECK_FALSE(board.board.holds(visit));
  office.begin(visit, "2026-11-23T08:06:00");
  REQUIRE(carryBegun(office.day.storage().read(), office.provider, visit, office.day.now(), board)
              .ok());
  CHECK(office.stateOf(board, visit) == v1::BOARD_STATE_IN_PROGRESS);
}

TEST_CASE("who is in a visit keeps her row and her name when the office gives it to another") {
  Night office;
  office.day.setNow("2026-11-23T08:06:00");
  const VisitId visit = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  office.begin(visit, "2026-11-23T08:06:00");
  LoadedBoard board = office.open("2026-11-23");
  const CarerId cat = office.day.addCarer(office.provider, "Cat");
  office.day.change(office.provider, visit, [&](visits::PlannedVisit& planned) {
    planned.slots[0] = {1, cat, "Cat"};
  });
  (void)office.refresh(board, "2026-11-23");
  REQUIRE(board.board.row(visit)->slots_size() == 1);
  CHECK(board.board.row(visit)->slots(0).carer_name() == "Ann");
  CHECK(board.board.row(visit)->slots(0).has_checked_in_unix_ms());
}

TEST_CASE("two carers in a visit that was given from one to the other are both on its row") {
  Night office;
  office.day.setNow("2026-11-23T08:06:00");
  const VisitId visit = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  office.begin(visit, "2026-11-23T08:06:00");
  office.day.change(office.provider, visit, [&](visits::PlannedVisit& planned) {
    planned.slots[0] = {1, office.bea, "Bea"};
  });
  office.day.checkIn(office.bea, visit, "2026-11-23T08:10:00");
  office.day.checkOut(office.bea, visit, "2026-11-23T08:15:00");
  office.day.send(office.bea, "2026-11-23T08:15:00");
  office.day.setNow("2026-11-23T08:16:00");
  const LoadedBoard board = office.open("2026-11-23");
  CHECK(office.stateOf(board, visit) == v1::BOARD_STATE_IN_PROGRESS);
  REQUIRE(board.board.row(visit)->slots_size() == 2);
  CHECK(board.board.row(visit)->slots(0).carer_name() == "Bea");
  CHECK(board.board.row(visit)->slots(1).carer_name() == "Ann");
  CHECK(board.board.row(visit)->slots(1).slot() == 2);
  office.day.checkOut(office.ann, visit, "2026-11-23T08:20:00");
  office.day.send(office.ann, "2026-11-23T08:20:00");
  CHECK(office.stateOf(office.open("2026-11-23"), visit) == v1::BOARD_STATE_DONE);
}

TEST_CASE("who is in is seen although the carer who was sent in her place found no entry") {
  Night office;
  office.day.setNow("2026-11-23T08:06:00");
  const VisitId visit = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  office.begin(visit, "2026-11-23T08:06:00");
  office.day.change(office.provider, visit, [&](visits::PlannedVisit& planned) {
    planned.slots[0] = {1, office.bea, "Bea"};
  });
  office.day.record(office.bea, visit, visits::NoEntry{visits::NoEntryReason::NoReply, {}},
                    "2026-11-23T08:10:00");
  office.day.send(office.bea, "2026-11-23T08:11:00");
  office.day.setNow("2026-11-23T08:30:00");
  CHECK(office.stateOf(office.open("2026-11-23"), visit) == v1::BOARD_STATE_IN_PROGRESS);
  office.day.checkOut(office.ann, visit, "2026-11-23T08:31:00");
  office.day.send(office.ann, "2026-11-23T08:31:00");
  CHECK(office.stateOf(office.open("2026-11-23"), visit) == v1::BOARD_STATE_DONE);
}

TEST_CASE("a visit that is cancelled while a carer is in it needs somebody until she has left") {
  Night office;
  office.day.setNow("2026-11-23T08:06:00");
  const VisitId visit = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.ann);
  const VisitId empty = office.visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", office.bea);
  office.begin(visit, "2026-11-23T08:06:00");
  for (const VisitId each : {visit, empty})
    office.day.change(office.provider, each, [](visits::PlannedVisit& planned) {
      planned.state = visits::VisitState::Cancelled;
    });
  office.day.setNow("2026-11-23T08:20:00");
  const LoadedBoard board = office.open("2026-11-23");
  CHECK(office.stateOf(board, empty) == v1::BOARD_STATE_CANCELLED);
  CHECK(office.stateOf(board, visit) == v1::BOARD_STATE_CANCELLED_ATTENDED);
  CHECK(board.board.row(visit)->attention() > 10);
  CHECK(board.board.row(visit)->slots(0).carer_name() == "Ann");
  office.day.checkOut(office.ann, visit, "2026-11-23T08:25:00");
  office.day.send(office.ann, "2026-11-23T08:25:00");
  const LoadedBoard after = office.open("2026-11-23");
  CHECK(office.stateOf(after, visit) == v1::BOARD_STATE_CANCELLED_ATTENDED);
  CHECK(after.board.row(visit)->attention() == 0);
}

}  // namespace doorstep::monitoring
