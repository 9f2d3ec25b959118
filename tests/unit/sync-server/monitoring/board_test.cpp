// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/board.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"

namespace doorstep::monitoring {
namespace {

const std::int64_t kShown = londonToUnixMs("2026-11-23T08:00:00").value();
const CarerId kAnn(1);
const CarerId kBea(2);
const CarerId kCai(3);

std::int64_t shownAt(std::int64_t minutesAfterEight) {
  return kShown + minutesAfterEight * kMinuteMs;
}

// May start from `from` minutes after eight for half an hour, and takes half an hour.
BoardVisit visitAt(std::uint64_t id, std::int64_t fromMin, std::vector<CarerId> carers) {
  BoardVisit plan;
  plan.visit.id = VisitId(id);
  plan.visit.windowStartUnixMs = shownAt(fromMin);
  plan.visit.windowEndUnixMs = shownAt(fromMin + 30);
  plan.visit.durationMin = 30;
  plan.visit.carersRequired = static_cast<std::uint32_t>(carers.size());
  plan.visit.planVersion = 5;
  for (std::size_t slot = 0; slot < carers.size(); ++slot)
    plan.visit.slots.push_back({static_cast<std::uint32_t>(slot + 1), carers[slot], "planned"});
  plan.personName = "Iris Ingram";
  plan.lot = "north";
  return plan;
}

projections::AttendanceRecord checkedIn(std::uint64_t visit, CarerId carer, std::int64_t startMin,
                                        std::uint64_t position = 1) {
  projections::AttendanceRecord record;
  record.visit = VisitId(visit);
  record.carer = carer;
  record.checkIn.emplace();
  record.checkIn->wallUnixMs = shownAt(startMin);
  record.checkIn->time.ruledUnixMs = shownAt(startMin);
  record.newestPosition = position;
  return record;
}

Board emptyBoard() { return Board({{kAnn, "Ann"}, {kBea, "Bea"}, {kCai, "Cai"}}); }

v1::BoardState stateOf(const Board& board, std::uint64_t visit) {
  return board.row(VisitId(visit))->state();
}

std::vector<std::uint64_t> changedVisits(Board& board) {
  std::vector<std::uint64_t> visits;
  for (const v1::BoardRow* row : board.takeChanged())
    visits.push_back(row->visit_id());
  return visits;
}

TEST_CASE("a row shows plan, record and phone of a visit") {
  Board board = emptyBoard();
  board.putPhone(kAnn, {shownAt(9), 5}, shownAt(9));
  board.putVisit(visitAt(7, 0, {kAnn}), shownAt(9));
  board.putAttendance(checkedIn(7, kAnn, 8), shownAt(10));
  const v1::BoardRow& row = *board.row(VisitId(7));
  CHECK(row.person_name() == "Iris Ingram");
  CHECK(row.state() == v1::BOARD_STATE_IN_PROGRESS);
  REQUIRE(row.slots_size() == 1);
  CHECK(row.slots(0).checked_in_unix_ms() == shownAt(8));
  CHECK_FALSE(row.slots(0).has_checked_out_unix_ms());
  CHECK(row.slots(0).phone_heard_unix_ms() == shownAt(9));
  CHECK_FALSE(row.slots(0).phone_silent());
  CHECK(row.slots(0).phone_has_plan());
}

TEST_CASE("a phone with an older plan is shown as behind until it has the visit's version") {
  Board board = emptyBoard();
  board.putVisit(visitAt(7, 0, {kAnn}), shownAt(-30));
  board.putPhone(kAnn, {shownAt(-29), 4}, shownAt(-29));
  CHECK_FALSE(board.row(VisitId(7))->slots(0).phone_has_plan());
  board.putPhone(kAnn, {shownAt(-28), 5}, shownAt(-28));
  CHECK(board.row(VisitId(7))->slots(0).phone_has_plan());
}

TEST_CASE("a carer who came unplanned stands in the row under her own name") {
  Board board = emptyBoard();
  board.putVisit(visitAt(7, 0, {kAnn}), shownAt(0));
  board.putAttendance(checkedIn(7, kCai, 5), shownAt(6));
  CHECK(board.row(VisitId(7))->slots(0).carer_name() == "Cai");
  CHECK(board.row(VisitId(7))->slots(0).carer_id() == kCai.value);
  board.putPhone(kCai, {shownAt(7), 5}, shownAt(7));
  CHECK(board.row(VisitId(7))->slots(0).phone_heard_unix_ms() == shownAt(7));
}

TEST_CASE("time alone moves a visit from upcoming to missed, and only rows that are due change") {
  Board board = emptyBoard();
  board.putPhone(kAnn, {shownAt(200), 5}, shownAt(-10));  // live throughout
  board.putVisit(visitAt(7, 0, {kAnn}), shownAt(-10));
  board.putVisit(visitAt(8, 180, {kAnn}), shownAt(-10));
  (void)board.takeChanged();

  board.advance(shownAt(0) - 1);
  CHECK(changedVisits(board).empty());
  board.advance(shownAt(0));
  CHECK(changedVisits(board) == std::vector<std::uint64_t>{7});
  CHECK(stateOf(board, 7) == v1::BOARD_STATE_DUE);
  board.advance(shownAt(46));
  CHECK(stateOf(board, 7) == v1::BOARD_STATE_LATE);
  board.advance(shownAt(76));
  CHECK(stateOf(board, 7) == v1::BOARD_STATE_MISSED_SUSPECTED);
  CHECK(stateOf(board, 8) == v1::BOARD_STATE_UPCOMING);
  CHECK(board.nextDueUnixMs() > shownAt(76));
}

TEST_CASE("a board that was not looked shownAt for hours catches up in one step") {
  Board stepped = emptyBoard();
  Board late = emptyBoard();
  for (Board* board : {&stepped, &late}) {
    board->putVisit(visitAt(7, 0, {kAnn}), shownAt(-10));
    board->putPhone(kAnn, {shownAt(40), 5}, shownAt(-10));
  }
  for (std::int64_t minute = -9; minute <= 120; ++minute)
    stepped.advance(shownAt(minute));
  late.advance(shownAt(120));
  CHECK(stepped.row(VisitId(7))->SerializeAsString() == late.row(VisitId(7))->SerializeAsString());
}

TEST_CASE("a silent phone turns late into overdue, and being heard turns it back") {
  Board board = emptyBoard();
  board.putPhone(kAnn, {shownAt(44), 5}, shownAt(44));
  board.putVisit(visitAt(7, 0, {kAnn}), shownAt(46));
  CHECK(stateOf(board, 7) == v1::BOARD_STATE_LATE);
  board.advance(shownAt(60));
  CHECK(stateOf(board, 7) == v1::BOARD_STATE_OVERDUE_SILENT);
  CHECK(board.row(VisitId(7))->slots(0).phone_silent());
  board.putPhone(kAnn, {shownAt(61), 5}, shownAt(61));
  CHECK(stateOf(board, 7) == v1::BOARD_STATE_LATE);
}

TEST_CASE(
    "an on-time check-in that came late clears the lateness, and the false alert is counted") {
  Board board = emptyBoard();
  board.putPhone(kAnn, {shownAt(44), 5}, shownAt(44));
  board.putVisit(visitAt(7, 0, {kAnn}), shownAt(44));
  board.putVisit(visitAt(8, 0, {kAnn}), shownAt(44));
  board.advance(shownAt(47));
  REQUIRE(stateOf(board, 7) == v1::BOARD_STATE_LATE);
  CHECK(board.lateAlerts().raised == 2);

  board.putAttendance(checkedIn(7, kAnn, 20), shownAt(50));
  CHECK(stateOf(board, 7) == v1::BOARD_STATE_IN_PROGRESS);
  CHECK(board.row(VisitId(7))->late_min() == -10);
  CHECK(board.lateAlerts().provenFalse == 1);

  board.putAttendance(checkedIn(8, kAnn, 48), shownAt(50));
  CHECK(board.row(VisitId(8))->late_min() == 18);
  CHECK(board.lateAlerts().provenFalse == 1);
}

TEST_CASE("a record that is older than the one shownAt hand changes nothing") {
  Board board = emptyBoard();
  board.putVisit(visitAt(7, 0, {kAnn}), shownAt(0));
  board.putAttendance(checkedIn(7, kAnn, 5, 10), shownAt(6));
  (void)board.takeChanged();
  board.putAttendance(checkedIn(7, kAnn, 25, 9), shownAt(26));
  CHECK(changedVisits(board).empty());
  CHECK(board.row(VisitId(7))->slots(0).checked_in_unix_ms() == shownAt(5));
}

TEST_CASE("a phone that is heard often repaints only rows that somebody could act on") {
  Board board = emptyBoard();
  board.putPhone(kAnn, {shownAt(0), 5}, shownAt(0));
  board.putVisit(visitAt(7, 0, {kAnn}), shownAt(0));
  board.putVisit(visitAt(8, 240, {kAnn}), shownAt(0));
  board.putVisit(visitAt(9, 0, {kBea}), shownAt(0));
  (void)board.takeChanged();
  board.putPhone(kAnn, {shownAt(0) + 30'000, 5}, shownAt(0) + 30'000);
  CHECK(changedVisits(board).empty());
  board.putPhone(kAnn, {shownAt(2), 5}, shownAt(2));
  CHECK(changedVisits(board) == std::vector<std::uint64_t>{7});
}

TEST_CASE("the board is sorted by what needs a supervisor, and its pages fit together") {
  Board board = emptyBoard();
  for (std::uint64_t id = 1; id <= 60; ++id)
    board.putVisit(visitAt(id, static_cast<std::int64_t>(id * 5), {kAnn}), shownAt(-10));
  board.advance(shownAt(150));
  std::vector<std::uint64_t> all;
  std::optional<BoardKey> after;
  do {
    const BoardPage page = board.page(after, 7);
    for (const v1::BoardRow& row : page.rows)
      all.push_back(row.visit_id());
    after = page.next;
  } while (after);
  REQUIRE(all.size() == 60);
  const BoardPage whole = board.page(std::nullopt, 100);
  CHECK_FALSE(whole.next);
  for (std::size_t index = 0; index < all.size(); ++index) {
    CHECK(whole.rows[static_cast<std::size_t>(index)].visit_id() == all[index]);
    if (index > 0)
      CHECK(whole.rows[index - 1].attention() >= whole.rows[index].attention());
  }
  CHECK(whole.rows.front().state() == v1::BOARD_STATE_MISSED_SUSPECTED);
}

TEST_CASE("a row that is judged again without a difference is no change") {
  Board board = emptyBoard();
  board.putVisit(visitAt(7, 0, {kAnn}), shownAt(5));
  (void)board.takeChanged();
  board.putVisit(visitAt(7, 0, {kAnn}), shownAt(6));
  CHECK(changedVisits(board).empty());
}

TEST_CASE("a visit that leaves the board leaves nothing behind") {
  Board board = emptyBoard();
  board.putVisit(visitAt(7, 0, {kAnn}), shownAt(0));
  board.removeVisit(VisitId(7));
  CHECK(board.size() == 0);
  CHECK(board.takeChanged().empty());
  CHECK(board.nextDueUnixMs() == kNever);
  CHECK(board.page(std::nullopt, 10).rows.empty());
  board.putPhone(kAnn, {shownAt(1), 5}, shownAt(1));
}

}  // namespace
}  // namespace doorstep::monitoring
