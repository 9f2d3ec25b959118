// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/row_check.h"

#include <array>
#include <cstdio>

#include "shared/core/time_range.h"
#include "shared/visits/attendance/attendance_columns.h"
#include "shared/visits/measures/civil_time.h"

namespace doorstep::verify {
namespace {

using attendance::AttendanceRecord;
using attendance::RecordedMoment;

template <typename Enum, std::size_t n>
std::string_view nameOf(const std::array<std::string_view, n>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

// Columns of one end of a presence.
struct EndColumns {
  std::string_view raw, timeClass, earliest, latest, ruled, method, grade, band, received;
};
constexpr EndColumns kStart{"raw_start_utc",    "start_time_class",    "start_earliest_utc",
                            "start_latest_utc", "ruled_start_utc",     "start_method",
                            "start_grade",      "start_distance_band", "start_received_utc"};
constexpr EndColumns kEnd{"raw_end_utc",    "end_time_class",    "end_earliest_utc",
                          "end_latest_utc", "ruled_end_utc",     "end_method",
                          "end_grade",      "end_distance_band", "end_received_utc"};

// Of the two times that may be ruled the one that the row says, else the first.
std::optional<std::int64_t> ruledOf(const std::optional<RecordedMoment>& bounded,
                                    const std::optional<RecordedMoment>& unbounded,
                                    std::string_view column, const RecordRows& row) {
  if (!bounded)
    return std::nullopt;
  if (unbounded && row.time(column) == unbounded->time.ruledUnixMs)
    return unbounded->time.ruledUnixMs;
  return bounded->time.ruledUnixMs;
}

std::optional<std::int64_t> checkEnd(const EndColumns& columns,
                                     const std::optional<RecordedMoment>& moment,
                                     const std::optional<RecordedMoment>& unbounded,
                                     RecordRows& row, Findings& findings) {
  const measures::EndFacts end = attendance::endFacts(moment);
  const bool isAnchored = end.timeClass == measures::TimeClass::A;
  const auto bound = [&](std::int64_t unixMs) {
    return isAnchored ? std::optional(unixMs) : std::nullopt;
  };
  const auto ruled = ruledOf(moment, unbounded, columns.ruled, row);
  row.expectTime(columns.raw, end.rawMs, findings);
  row.expect(columns.timeClass, nameOf(measures::kTimeClasses, end.timeClass), findings);
  row.expectTime(columns.earliest, bound(moment ? moment->time.earliestUnixMs : 0), findings);
  row.expectTime(columns.latest, bound(moment ? moment->time.latestUnixMs : 0), findings);
  row.expectTime(columns.ruled, ruled, findings);
  row.expect(columns.method, nameOf(measures::kMethods, end.method), findings);
  row.expect(columns.grade, nameOf(measures::kGrades, end.grade), findings);
  row.expect(columns.band, moment ? attendance::distanceBand(moment->place) : "", findings);
  row.expectTime(columns.received, end.receivedMs, findings);
  return ruled;
}

void checkFix(const std::optional<RecordedMoment>& start, RecordRows& row, Findings& findings) {
  const bool hasFix = start && start->place && start->place->fixAgeS && start->place->accuracyM;
  row.expect("start_fix_age_s", hasFix ? std::to_string(*start->place->fixAgeS) : "", findings);
  row.expect("start_fix_accuracy_m", hasFix ? std::to_string(*start->place->accuracyM) : "",
             findings);
}

void checkNoEntry(const AttendanceRecord& record, const AttendanceRecord& unbounded,
                  RecordRows& row, Findings& findings) {
  row.expectTime("no_entry_utc", ruledOf(record.noEntry, unbounded.noEntry, "no_entry_utc", row),
                 findings);
  row.expect("no_entry_reason",
             record.noEntry ? attendance::noEntryName(record.noEntry->noEntryReason) : "",
             findings);
  row.expectTime("no_entry_received_utc",
                 record.noEntry ? std::optional(record.noEntry->receivedUnixMs) : std::nullopt,
                 findings);
}

std::string minutesBetween(std::optional<std::int64_t> start, std::optional<std::int64_t> end) {
  if (!start || !end)
    return {};
  char text[40];
  std::snprintf(text, sizeof text, "%.3f",
                static_cast<double>(saturatingSubtract(*end, *start)) / 60'000);
  return text;
}

void checkTasks(const Refolded& refolded, const visits::PlannedVisit& newest,
                const AttendanceRecord& record, RecordRows& row, Findings& findings) {
  const auto own = attendance::carerTasks(newest, record);
  row.expectNumber("tasks_done", own.done, findings);
  row.expectNumber("tasks_not_done_reasoned", own.notDoneReasoned, findings);
  row.expectNumber("critical_not_done", own.criticalNotDone, findings);
  const auto all = attendance::visitTasks(newest, refolded.records());
  row.expectNumber("tasks_planned", all.planned, findings);
  row.expectNumber("critical_planned", all.criticalPlanned, findings);
  row.expectNumber("visit_tasks_done", all.done, findings);
  row.expectNumber("visit_tasks_not_done_reasoned", all.notDoneReasoned, findings);
  row.expectNumber("visit_critical_not_done", all.criticalNotDone, findings);
}

void checkIndependence(const Refolded& refolded, RecordRows& row, Findings& findings) {
  const auto levels = attendance::independenceOf(refolded.records());
  row.expectNumber("indep_self", levels.self, findings);
  row.expectNumber("indep_prompted", levels.prompted, findings);
  row.expectNumber("indep_assisted", levels.assisted, findings);
  row.expectNumber("indep_full", levels.full, findings);
}

}  // namespace

void checkRecorded(const Refolded& refolded, const visits::PlannedVisit* newest, RecordRows& row,
                   Findings& findings) {
  const std::string carer(row.text("carer_pseudonym"));
  const AttendanceRecord nobody;
  const auto found = refolded.carers.find(carer);
  const auto foundUnbounded = refolded.unbounded.find(carer);
  const bool known = !carer.empty() && found != refolded.carers.end();
  const AttendanceRecord& record = known ? found->second : nobody;
  const AttendanceRecord& unbounded = known ? foundUnbounded->second : nobody;
  const auto start = checkEnd(kStart, record.checkIn, unbounded.checkIn, row, findings);
  const auto end = checkEnd(kEnd, record.checkOut, unbounded.checkOut, row, findings);
  checkFix(record.checkIn, row, findings);
  row.expect("actual_min", minutesBetween(start, end), findings);
  checkNoEntry(record, unbounded, row, findings);
  checkIndependence(refolded, row, findings);
  if (newest != nullptr)
    checkTasks(refolded, *newest, record, row, findings);
}

}  // namespace doorstep::verify
