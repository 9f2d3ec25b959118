// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/server_view.h"

#include <algorithm>
#include <set>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/monitoring/board_loader.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/records/keeping/record_audit.h"
#include "sync-server/records/listing/record_query.h"

namespace doorstep::simulation {
namespace {

namespace pb = doorstep::monitoring::v1;

// A check-out that was forgotten for longer leaves the board (monitoring/tuning.h, kCarryBegunMs).
constexpr std::int64_t kForgottenMs = 70 * kHourMs;

using Rows = std::map<VisitId, pb::BoardRow>;

// All rows of today's board.
Result<Rows> boardRows(SimulatedServer& server, std::int64_t nowUnixMs, Planted planted) {
  const DayBounds today = londonDayAround(nowUnixMs);
  DOORSTEP_ASSIGN(auto loaded,
                  monitoring::loadBoard(server.database(), server.provider(), today, nowUnixMs));
  Rows rows;
  for (const pb::BoardRow& row : loaded.board.page(std::nullopt, UINT32_MAX).rows) {
    const bool ofToday = row.window_start_unix_ms() >= today.beginUnixMs &&
                         row.window_start_unix_ms() < today.endUnixMs;
    if (planted == Planted::BoardKeepsToItsDay && !ofToday)
      continue;
    pb::BoardRow& kept = rows[VisitId(row.visit_id())] = row;
    if (planted == Planted::BoardBelievesThePlan &&
        row.state() == pb::BOARD_STATE_CANCELLED_ATTENDED)
      kept.set_state(pb::BOARD_STATE_CANCELLED);
  }
  return rows;
}

bool saysSomebodyIsIn(pb::BoardState state) {
  return state == pb::BOARD_STATE_IN_PROGRESS || state == pb::BOARD_STATE_ALONE_OF_TWO ||
         state == pb::BOARD_STATE_OVERRUNNING || state == pb::BOARD_STATE_CANCELLED_ATTENDED;
}

// Received lately enough for a board to go on with it.
bool isRecent(const std::vector<projections::AttendanceRecord>& records, CarerId carer,
              std::int64_t nowUnixMs) {
  return std::any_of(records.begin(), records.end(), [&](const auto& record) {
    return record.carer == carer && record.checkIn &&
           record.checkIn->time.ruledUnixMs > nowUnixMs - kForgottenMs;
  });
}

std::string checkTasks(const Doors::Door& door, const projections::AttendanceRecord* record) {
  std::set<std::uint32_t> expected;
  for (const auto& [task, events] : door.tasks) {
    if (!events.empty())
      expected.insert(task);
  }
  std::set<std::uint32_t> counted;
  if (record != nullptr) {
    for (const auto& task : record->tasks)
      counted.insert(task.taskNumber);
  }
  return expected == counted ? std::string() : "its tasks";
}

std::string checkMoment(const std::set<Doors::Key>& expected,
                        const std::optional<projections::RecordedMoment>* moment,
                        const char* what) {
  const bool counted = moment != nullptr && moment->has_value();
  if (counted != !expected.empty() ||
      (counted && !expected.contains({(*moment)->device, (*moment)->eventNumber})))
    return what;
  return {};
}

// One carer at one visit.
std::string checkAttendance(const Doors::Door& door, const projections::AttendanceRecord* record) {
  const auto moment = [&](auto member) { return record == nullptr ? nullptr : &(record->*member); };
  using Record = projections::AttendanceRecord;
  for (const std::string& wrong :
       {checkMoment(door.checkIns, moment(&Record::checkIn), "its check-in"),
        checkMoment(door.checkOuts, moment(&Record::checkOut), "its check-out"),
        checkMoment(door.noEntries, moment(&Record::noEntry), "its door without entry"),
        checkTasks(door, record)}) {
    if (!wrong.empty())
      return wrong;
  }
  return {};
}

std::string checkAttendances(SimulatedServer& server, const DoorsOfCarers& log) {
  auto reader = projections::AttendanceReader::open(server.database());
  if (!reader)
    return "the server does not give its records";
  for (const auto& [carer, doors] : log) {
    for (const auto& [visit, door] : doors.all()) {
      const auto records = reader->ofVisit(server.provider(), visit);
      if (!records)
        return "the server does not give a visit's records";
      const auto found = std::find_if(records->begin(), records->end(),
                                      [&](const auto& record) { return record.carer == carer; });
      const std::string wrong = checkAttendance(door, found == records->end() ? nullptr : &*found);
      if (!wrong.empty())
        return "I15: a carer's record of a visit is not what she did: " + wrong;
    }
  }
  return {};
}

// Visits by what the log says: who came at all.
std::set<VisitId> attended(const DoorsOfCarers& log) {
  std::set<VisitId> attended;
  for (const auto& [carer, doors] : log) {
    for (const auto& [visit, door] : doors.all()) {
      if (door.isAttended())
        attended.insert(visit);
    }
  }
  return attended;
}

std::string checkCouncil(SimulatedServer& server, const DoorsOfCarers& log,
                         std::int64_t nowUnixMs) {
  identity::AccountCaller caller;
  caller.role = identity::Role::Operator;
  auto query = records::RecordQuery::open(server.database(), caller, {}, nowUnixMs);
  if (!query)
    return "the server does not give its records";
  const std::set<VisitId> came = attended(log);
  std::string broken;
  std::set<VisitId> shown;
  const auto run =
      (*query)->run(std::nullopt, {UINT32_MAX, UINT32_MAX}, [&](const records::SlotRecord& record) {
        const bool was = record.record && (record.record->checkIn || record.record->checkOut ||
                                           record.record->noEntry);
        if (was)
          shown.insert(record.visit.id);
        if (was && record.judgement.punctuality == visits::Punctuality::NotCounted)
          broken = "I15: a record says 'cancelled' of a visit to which a carer came";
        if (was && !came.contains(record.visit.id))
          broken = "I15: a record says that a carer came where nobody did";
        return broken.empty();
      });
  if (!run)
    return "the server does not give its records";
  if (broken.empty() && shown != came)
    return "I15: carers came to " + std::to_string(came.size()) + " visits, the records show " +
           std::to_string(shown.size());
  return broken;
}

// What is kept of each visit is what log and plan come to, whatever order they came in.
std::string checkKeptRecords(SimulatedServer& server, std::int64_t nowUnixMs) {
  if (const Status judged = server.judgeRecords(nowUnixMs); !judged.ok())
    return "the server does not judge its records: " + judged.error().reason;
  const auto audit = records::auditRecords(server.database(), nowUnixMs);
  if (!audit.ok())
    return "the server does not give its records: " + audit.error().reason;
  if (audit->looked != audit->kept)
    return "I21: records still wait to be judged";
  return audit->wrong.empty() ? std::string()
                              : "I21: a kept record is not what log and plan come to: visit " +
                                    std::to_string(audit->wrong.front().second.value);
}

}  // namespace

std::string checkBoard(SimulatedServer& server, const DoorsOfCarers& log, std::int64_t nowUnixMs,
                       Planted planted, SometimesCounts& sometimes) {
  const auto rows = boardRows(server, nowUnixMs, planted);
  auto reader = projections::AttendanceReader::open(server.database());
  if (!rows || !reader)
    return "the server does not give its board: " + rows.error().reason;
  const DayBounds today = londonDayAround(nowUnixMs);
  for (const auto& [carer, doors] : log) {
    for (const auto& [visit, door] : doors.all()) {
      const auto row = rows->find(visit);
      if (door.isAttended() && row != rows->end()) {
        if (row->second.state() == pb::BOARD_STATE_CANCELLED)
          return "I14: the board says 'cancelled' of a visit to which a carer came";
        if (row->second.state() == pb::BOARD_STATE_CANCELLED_ATTENDED)
          sometimes.met(Sometimes::CancelledVisitAttended);
      }
      if (!door.isBegun())
        continue;
      const auto records = reader->ofVisit(server.provider(), visit);
      if (!records || !isRecent(*records, carer, nowUnixMs))
        continue;
      if (row == rows->end())
        return "I14: a carer is in a visit that today's board does not show";
      if (!saysSomebodyIsIn(row->second.state()))
        return "I14: today's board does not say that a carer is in a visit, its state is " +
               std::to_string(row->second.state());
      if (row->second.window_start_unix_ms() < today.beginUnixMs ||
          row->second.window_start_unix_ms() >= today.endUnixMs)
        sometimes.met(Sometimes::BoardShowsOtherDay);
    }
  }
  return {};
}

std::string checkRecords(SimulatedServer& server, const DoorsOfCarers& log, std::int64_t nowUnixMs,
                         Planted planted) {
  if (std::string broken = checkAttendances(server, log); !broken.empty())
    return broken;
  if (std::string broken = checkKeptRecords(server, nowUnixMs); !broken.empty())
    return broken;
  if (std::string broken = checkCouncil(server, log, nowUnixMs); !broken.empty())
    return broken;
  for (const VisitId visit : attended(log)) {
    auto row = monitoring::loadRow(server.database(), server.provider(), visit, nowUnixMs);
    if (!row)
      return "I14: the board does not give a visit to which a carer came: " + row.error().reason;
    if (row->state() == pb::BOARD_STATE_CANCELLED ||
        (planted == Planted::BoardBelievesThePlan &&
         row->state() == pb::BOARD_STATE_CANCELLED_ATTENDED))
      return "I14: the board says 'cancelled' of a visit to which a carer came";
  }
  return {};
}

}  // namespace doorstep::simulation
