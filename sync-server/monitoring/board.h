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
#include "shared/visits/contract_rules.h"
#include "shared/visits/plan.h"
#include "sync-server/monitoring/board_state.h"
#include "sync-server/projections/slot_assignment.h"

namespace doorstep::monitoring {

// A visit as the board needs it: the plan in force, whose it is, and the rules that judge it.
struct BoardVisit {
  visits::PlannedVisit visit;
  std::string personName;
  std::string lot;
  visits::ContractRules rules;
};

// What is known of a carer's phone. Of several the one that was heard last.
struct CarerPhone {
  std::int64_t heardUnixMs = 0;   // server time; 0: never
  std::uint64_t planVersion = 0;  // newest plan version of her visits that it holds
};

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
  explicit Board(std::map<CarerId, std::string> carerNames) : carerNames_(std::move(carerNames)) {}

  void putVisit(BoardVisit visit, std::int64_t nowUnixMs);
  void removeVisit(VisitId visit);
  // Of a visit that is not on the board: passed over.
  void putAttendance(const projections::AttendanceRecord& record, std::int64_t nowUnixMs);
  void putPhone(CarerId carer, const CarerPhone& phone, std::int64_t nowUnixMs);
  // Judges the rows that are due.
  void advance(std::int64_t nowUnixMs);
  // kNever: nothing changes by itself.
  std::int64_t nextDueUnixMs() const { return due_.empty() ? kNever : due_.begin()->first; }

  // Names of carers that came with a newer plan; who is known by another name keeps the newest.
  void putCarerNames(const std::map<CarerId, std::string>& names);

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
    doorstep::monitoring::v1::BoardRow message;
    std::string bytes;  // of message: tells whether a judgement changed anything
    BoardKey key;
    std::int64_t dueUnixMs = kNever;
    std::set<CarerId> carers;  // whose phones the row shows
    bool lateRaised = false;
  };

  void judge(Row& row, std::int64_t nowUnixMs);
  doorstep::monitoring::v1::BoardRow makeMessage(const Row& row, const BoardJudgement& judgement,
                                                 const std::vector<projections::FilledSlot>& slots,
                                                 std::int64_t nowUnixMs,
                                                 std::int64_t& dueUnixMs) const;
  void fillSlot(const Row& row, const projections::FilledSlot& filled, std::int64_t nowUnixMs,
                doorstep::monitoring::v1::BoardSlot& slot) const;
  void indexRow(Row& row, const std::vector<projections::FilledSlot>& slots,
                std::int64_t dueUnixMs);
  void unindexRow(const Row& row);
  void countAlerts(Row& row, const BoardJudgement& judgement,
                   const std::vector<projections::FilledSlot>& slots);
  bool phoneMatters(const Row& row, CarerId carer, const CarerPhone& before, const CarerPhone& now,
                    std::int64_t nowUnixMs) const;

  std::map<CarerId, std::string> carerNames_;
  std::map<VisitId, Row> rows_;
  std::map<CarerId, CarerPhone> phones_;
  std::map<CarerId, std::set<VisitId>> rowsOfCarer_;
  std::set<BoardKey> order_;
  std::set<std::pair<std::int64_t, VisitId>> due_;
  std::set<VisitId> changed_;
  LateAlerts lateAlerts_;
};

}  // namespace doorstep::monitoring
