// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "doorstep/monitoring/v1/board_service.pb.h"
#include "sync-server/monitoring/board_row.h"
#include "sync-server/projections/attendance_record.h"

namespace doorstep::monitoring {

// Where a list of rows, most urgent first, goes on.
struct BoardKey {
  std::uint32_t attention = 0;
  std::int64_t windowStartUnixMs = 0;
  VisitId visit;

  std::strong_ordering operator<=>(const BoardKey& other) const;
  bool operator==(const BoardKey&) const = default;
};

struct BoardPage {
  std::vector<doorstep::monitoring::v1::BoardRow> rows;
  std::optional<BoardKey> next;  // more rows come after this one
};

// How often the board said "late" of a live phone, and how often a check-in that came later proved
// that the carer had been in time. Since the board was opened.
struct LateAlerts {
  std::uint64_t raised = 0;
  std::uint64_t provenFalse = 0;
};

// A carer is there: checked in and not out.
bool isOpenRecord(const projections::AttendanceRecord& record);

// The visits of one provider and day, each judged by what is known now. Holds everything that a row
// needs, so that a change costs its own rows: a record costs one row, a phone that is heard the
// open rows of its carer, and the passing of time only rows whose judgement is due to change. The
// caller feeds it facts in any order; a record that is older than the one at hand changes nothing.
// A crash loses nothing: a board is made from roster and projections whenever somebody asks.
// Thread: its owner's (live_boards.h).
class Board {
 public:
  explicit Board(CarerNames carerNames) : carerNames_(std::move(carerNames)) {}

  void putVisit(BoardVisit visit, std::int64_t nowUnixMs);
  void removeVisit(VisitId visit);
  // Of a visit that is not on the board: ignored.
  void putAttendance(const projections::AttendanceRecord& record, std::int64_t nowUnixMs);
  void putPhone(CarerId carer, const CarerPhone& phone, std::int64_t nowUnixMs);
  // Judges the rows that are due.
  void advance(std::int64_t nowUnixMs);
  // kNever: nothing changes by itself.
  std::int64_t nextDueUnixMs() const { return due_.empty() ? kNever : due_.begin()->first; }

  // Names of carers that came with a newer plan; who is known by another name keeps the newest.
  void putCarerNames(const CarerNames& names);

  bool holds(VisitId visit) const { return rows_.contains(visit); }
  // A carer has checked in there and not out.
  bool isBegun(VisitId visit) const;
  // On a day that is not its own a row stays while a carer is in it, and while nobody resolved it
  // for kCarryOverMs after its latest planned end.
  bool isUnresolved(VisitId visit, std::int64_t nowUnixMs) const;
  std::size_t size() const { return rows_.size(); }
  const LateAlerts& lateAlerts() const { return lateAlerts_; }
  const doorstep::monitoring::v1::BoardRow* row(VisitId visit) const;
  // Most urgent first; without `after` from the top.
  BoardPage page(const std::optional<BoardKey>& after, std::size_t size) const;
  // Rows that changed since this was last called, by visit.
  std::vector<const doorstep::monitoring::v1::BoardRow*> takeChanged();

 private:
  struct Row {
    BoardVisit plan;
    std::vector<projections::AttendanceRecord> records;
    JudgedRow judged;
    std::string bytes;  // of its message: tells whether a judgement changed anything
    BoardKey key;
    bool lateRaised = false;
  };

  void judge(Row& row, std::int64_t nowUnixMs);
  void indexRow(Row& row);
  void unindexRow(const Row& row);
  void countAlerts(Row& row);

  CarerNames carerNames_;
  std::map<VisitId, Row> rows_;
  CarerPhones phones_;
  std::map<CarerId, std::set<VisitId>> rowsOfCarer_;
  std::set<BoardKey> order_;
  std::set<std::pair<std::int64_t, VisitId>> due_;
  std::set<VisitId> changed_;
  LateAlerts lateAlerts_;
};

}  // namespace doorstep::monitoring
