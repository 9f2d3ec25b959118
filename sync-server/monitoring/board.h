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

// Cursor in a list of rows, most urgent first.
struct BoardKey {
  std::uint32_t attention = 0;
  std::int64_t windowStartUnixMs = 0;
  VisitId visit;

  std::strong_ordering operator<=>(const BoardKey& other) const;
  bool operator==(const BoardKey&) const = default;
};

struct BoardPage {
  std::vector<doorstep::monitoring::v1::BoardRow> rows;
  std::optional<BoardKey> next;  // more rows follow after this one
};

// How often the board showed "late" for a live phone, and how often a later check-in proved that
// the carer had been in time. Since the board was opened.
struct LateAlerts {
  std::uint64_t raised = 0;
  std::uint64_t provenFalse = 0;
};

// Whether the carer is there: checked in and not out.
bool isOpenRecord(const projections::AttendanceRecord& record);

// The visits of one provider and day, each judged by current knowledge. Keeps everything that a row
// needs, so that a change costs only the affected rows: a record one row, a contact of a phone its
// carer's open rows, and time only the rows whose judgement is due to change. Facts may be fed in
// any order; a record older than the current one is ignored. A crash loses nothing: boards are
// built on demand from roster and projections. Thread: its owner's (live_boards.h).
class Board {
 public:
  explicit Board(CarerNames carerNames) : carerNames_(std::move(carerNames)) {}

  void putVisit(BoardVisit visit, std::int64_t nowUnixMs);
  void removeVisit(VisitId visit);
  // Ignored for a visit that is not on the board.
  void putAttendance(const projections::AttendanceRecord& record, std::int64_t nowUnixMs);
  void putPhone(CarerId carer, const CarerPhone& phone, std::int64_t nowUnixMs);
  // Judges the rows that are due.
  void advance(std::int64_t nowUnixMs);
  // kNever: no row changes by time alone.
  std::int64_t nextDueUnixMs() const { return due_.empty() ? kNever : due_.begin()->first; }

  // Carers' names from a newer plan; they replace older names.
  void putCarerNames(const CarerNames& names);

  bool holds(VisitId visit) const { return rows_.contains(visit); }
  // Whether a carer has checked in there and not out.
  bool isBegun(VisitId visit) const;
  // On a board of another day a row stays while a carer is in it, and while it is unresolved, until
  // kCarryOverMs after its latest planned end.
  bool isUnresolved(VisitId visit, std::int64_t nowUnixMs) const;
  std::size_t size() const { return rows_.size(); }
  const LateAlerts& lateAlerts() const { return lateAlerts_; }
  const doorstep::monitoring::v1::BoardRow* row(VisitId visit) const;
  // Most urgent first; without `after` from the start.
  BoardPage page(const std::optional<BoardKey>& after, std::size_t size) const;
  // Rows changed since the last call, by visit.
  std::vector<const doorstep::monitoring::v1::BoardRow*> takeChanged();

 private:
  struct Row {
    BoardVisit plan;
    std::vector<projections::AttendanceRecord> records;
    JudgedRow judged;
    std::string bytes;  // encoded message, to detect a change
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
