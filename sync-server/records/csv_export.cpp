// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/csv_export.h"

#include <array>

#include <fmt/format.h>

#include "shared/core/time_range.h"
#include "shared/visits/place_grade.h"
#include "sync-server/records/csv_line.h"
#include "sync-server/records/record_message.h"

namespace doorstep::records {
namespace {

// Version of the set of columns. Columns are only ever appended.
constexpr const char* kSchemaVersion = "2";

// Without a byte order mark, spreadsheets read UTF-8 in the local code page.
constexpr const char* kByteOrderMark = "\xEF\xBB\xBF";

constexpr std::array kColumns = {"schema_version",
                                 "tz",
                                 "provider",
                                 "contract_id",
                                 "lot",
                                 "service_id",
                                 "person_la_id",
                                 "visit_id",
                                 "carer_pseudonym",
                                 "carer_slot",
                                 "carers_required",
                                 "final_plan_start",
                                 "final_plan_start_latest",
                                 "final_plan_end",
                                 "time_critical",
                                 "raw_start_utc",
                                 "raw_end_utc",
                                 "start_time_class",
                                 "start_earliest_utc",
                                 "start_latest_utc",
                                 "ruled_start_utc",
                                 "end_time_class",
                                 "end_earliest_utc",
                                 "end_latest_utc",
                                 "ruled_end_utc",
                                 "start_method",
                                 "end_method",
                                 "start_grade",
                                 "end_grade",
                                 "start_distance_band",
                                 "end_distance_band",
                                 "start_fix_age_s",
                                 "start_fix_accuracy_m",
                                 "start_received_utc",
                                 "end_received_utc",
                                 "status",
                                 "punctuality",
                                 "late_ms",
                                 "planned_min",
                                 "actual_min",
                                 "rule_version",
                                 "tasks_planned",
                                 "tasks_done",
                                 "tasks_not_done_reasoned",
                                 "critical_not_done",
                                 "tier",
                                 "provider_role",
                                 "funder_split",
                                 "commissioned_start",
                                 "commissioned_start_latest",
                                 "commissioned_end",
                                 "locked_plan_start",
                                 "locked_plan_start_latest",
                                 "locked_plan_end",
                                 "plan_first_published_utc",
                                 "plan_locked_utc",
                                 "locked_plan_version",
                                 "final_plan_version",
                                 "plan_changes_after_lock",
                                 "late_changes_office",
                                 "late_changes_person",
                                 "late_changes_council",
                                 "exported_utc",
                                 "person_pseudonym",
                                 "patch",
                                 "rurality",
                                 "service_kind",
                                 "model",
                                 "purchase",
                                 "arranged_by",
                                 "cancelled_by",
                                 "cancelled_utc",
                                 "cancel_notice_min",
                                 "suspended_reason",
                                 "no_entry_utc",
                                 "no_entry_reason",
                                 "no_entry_received_utc",
                                 "adj_start_utc",
                                 "adj_end_utc",
                                 "adj_reason",
                                 "adj_action",
                                 "adj_by_role",
                                 "adj_at_utc",
                                 "reason",
                                 "responsibility",
                                 "short_visit_agreed",
                                 "short_visit_basis",
                                 "prior_visit_utc",
                                 "critical_planned",
                                 "visit_tasks_done",
                                 "visit_tasks_not_done_reasoned",
                                 "visit_critical_not_done",
                                 "tasks_goal_linked",
                                 "indep_self",
                                 "indep_prompted",
                                 "indep_assisted",
                                 "indep_full",
                                 "goal_scores",
                                 "meds_due",
                                 "meds_given",
                                 "meds_late",
                                 "meds_refused",
                                 "meds_not_given_reasoned",
                                 "meds_missed",
                                 "late_alert_raised_utc",
                                 "late_alert_acked_utc",
                                 "late_alert_cleared_utc",
                                 "late_alert_proven_false",
                                 "missed_alert_raised_utc"};

using projections::RecordedMoment;

const char* methodName(const std::optional<visits::PlaceEvidence>& place) {
  if (!place)
    return "none";
  switch (place->method) {
    case visits::PlaceMethod::Unspecified:
      return "none";
    case visits::PlaceMethod::Manual:
      return "manual";
    case visits::PlaceMethod::Position:
      return "position";
    case visits::PlaceMethod::NfcTag:
      return "nfc_tag";
    case visits::PlaceMethod::QrCode:
      return "qr_code";
  }
  return "none";  // a method of a newer app, for which the file has no word
}

// Distance is exported in bands, not in metres: a council sees how far, never where.
const char* distanceBand(const std::optional<visits::PlaceEvidence>& place) {
  if (!place || !place->distanceM)
    return "";
  if (*place->distanceM <= 50)
    return "0-50";
  if (*place->distanceM <= 150)
    return "51-150";
  if (*place->distanceM <= 500)
    return "151-500";
  return "501-";
}

const char* gradeName(const std::optional<visits::PlaceEvidence>& place) {
  constexpr std::array kNames = {"", "A", "B", "C", "D", "E"};
  return kNames[static_cast<std::size_t>(visits::placeGrade(place))];
}

const char* punctualityName(visits::Punctuality punctuality) {
  switch (punctuality) {
    case visits::Punctuality::OnTime:
      return "on_time";
    case visits::Punctuality::Early:
      return "early";
    case visits::Punctuality::Late:
      return "late";
    case visits::Punctuality::Missed:
      return "missed";
    case visits::Punctuality::NoEntry:
      return "no_entry";
    case visits::Punctuality::Open:
      return "open";
    case visits::Punctuality::NotCounted:
      return "not_counted";
    case visits::Punctuality::CancelledAttended:
      return "cancelled_attended";
    case visits::Punctuality::Unplanned:
      return "unplanned";
  }
  return "";
}

const char* statusName(const SlotRecord& record) {
  switch (record.judgement.punctuality) {
    case visits::Punctuality::Missed:
      return "missed";
    case visits::Punctuality::NoEntry:
      return "no_entry";
    case visits::Punctuality::Open:
      return "open";
    case visits::Punctuality::NotCounted:
      return "cancelled";
    case visits::Punctuality::CancelledAttended:
      return "cancelled_attended";
    case visits::Punctuality::Unplanned:
      return "unplanned";
    default:
      return "delivered";
  }
}

void addTime(const std::optional<RecordedMoment>& moment, CsvLine& line) {
  if (!moment)
    return line.empty(4);
  const bool anchored = moment->time.timeClass == timing::TimeClass::Anchored;
  line.plain(anchored ? "A" : "C");
  if (anchored) {
    line.utc(moment->time.earliestUnixMs);
    line.utc(moment->time.latestUnixMs);
  } else {
    line.empty(2);
  }
  line.utc(moment->time.ruledUnixMs);
}

std::optional<std::int64_t> timeOf(const std::optional<RecordedMoment>& moment,
                                   std::int64_t RecordedMoment::*time) {
  return moment ? std::optional((*moment).*time) : std::nullopt;
}

// Start window and end of a visit that begins at the end of its window.
void addTimes(std::int64_t startUnixMs, std::int64_t latestUnixMs, std::uint32_t durationMin,
              CsvLine& line) {
  line.utc(startUnixMs);
  line.utc(latestUnixMs);
  line.utc(latestUnixMs + std::int64_t{durationMin} * 60'000);
}

ContractId contractOf(const SlotRecord& record) {
  return record.contract == nullptr ? ContractId() : record.contract->id;
}

// The provider took the visit out of its plan before the lock: there is no plan of it to judge.
bool isWithdrawn(const SlotRecord& record) {
  return record.cancellation && record.cancellation->wantedBy == visits::WantedBy::Office &&
         record.plan.lock.calledOff == visits::CalledOff::AtLock;
}

void addPlan(const SlotRecord& record, Pseudonyms& pseudonyms, CsvLine& line) {
  const visits::PlannedVisit& visit = record.visit;
  line.plain(kSchemaVersion);
  line.plain("Europe/London");
  line.text(record.providerName);
  line.text(record.contract == nullptr ? "" : record.contract->ref);
  line.text(record.terms.lot);
  line.text(visit.service);
  line.text(record.person.ref);
  line.text(visit.ref);
  line.plain(pseudonyms.of(contractOf(record), record.carer));
  line.number(record.slot);
  line.number(visit.carersRequired);
  if (isWithdrawn(record))
    line.empty(3);
  else
    addTimes(visit.windowStartUnixMs, visit.windowEndUnixMs, visit.durationMin, line);
  line.plain(visit.timeCritical ? "true" : "false");
}

void addPlace(const std::optional<RecordedMoment>& start, const std::optional<RecordedMoment>& end,
              CsvLine& line) {
  line.plain(start ? methodName(start->place) : "");
  line.plain(end ? methodName(end->place) : "");
  line.plain(start ? gradeName(start->place) : "");
  line.plain(end ? gradeName(end->place) : "");
  line.plain(start ? distanceBand(start->place) : "");
  line.plain(end ? distanceBand(end->place) : "");
  const bool fix = start && start->place && start->place->fixAgeS && start->place->accuracyM;
  if (fix) {
    line.number(*start->place->fixAgeS);
    line.number(*start->place->accuracyM);
  } else {
    line.empty(2);
  }
}

void addRecord(const SlotRecord& record, CsvLine& line) {
  const std::optional<RecordedMoment> start = record.record ? record.record->checkIn : std::nullopt;
  const std::optional<RecordedMoment> end = record.record ? record.record->checkOut : std::nullopt;
  line.utc(timeOf(start, &RecordedMoment::wallUnixMs));
  line.utc(timeOf(end, &RecordedMoment::wallUnixMs));
  addTime(start, line);
  addTime(end, line);
  addPlace(start, end, line);
  line.utc(timeOf(start, &RecordedMoment::receivedUnixMs));
  line.utc(timeOf(end, &RecordedMoment::receivedUnixMs));
  line.plain(statusName(record));
  line.plain(punctualityName(record.judgement.punctuality));
  line.number(record.judgement.lateMs);
  line.number(record.visit.durationMin);
  if (start && end) {
    const std::int64_t lastedMs =
        saturatingSubtract(end->time.ruledUnixMs, start->time.ruledUnixMs);
    line.plain(fmt::format("{:.3f}", static_cast<double>(lastedMs) / 60'000));
  } else {
    line.empty(1);
  }
}

// Adds the judging plan and the effective-dated values. Orders of a council are not stored yet, so
// the columns of the commissioned plan are empty.
void addHistory(const SlotRecord& record, CsvLine& line) {
  const roster::JudgedPlan& plan = record.plan;
  line.text(record.terms.tier);
  line.plain(record.providerRole);
  line.plain(record.terms.funderSplit);
  line.empty(3);
  if (plan.lock.locked && !isWithdrawn(record))
    addTimes(plan.plan.windowStartUnixMs, plan.plan.windowEndUnixMs, plan.plan.durationMin, line);
  else
    line.empty(3);
  line.utc(plan.firstPublishedUnixMs);
  line.utc(plan.lock.lockedUnixMs);
  if (plan.lock.locked)
    line.number(static_cast<std::int64_t>(plan.publication.version));
  else
    line.empty(1);
  line.number(static_cast<std::int64_t>(plan.newest.version));
  line.number(plan.lock.changesAfter);
  line.number(plan.lock.changesOffice);
  line.number(plan.lock.changesPerson);
  line.number(plan.lock.changesCouncil);
}

const char* callerName(visits::WantedBy wantedBy) {
  switch (wantedBy) {
    case visits::WantedBy::Office:
      return "provider";
    case visits::WantedBy::Person:
      return "person";
    case visits::WantedBy::Council:
      return "council";
  }
  return "provider";
}

// Who called the visit off, and when that was entered. One whose time is not known was before all
// that have a time, as the lock has it.
void addCancellation(const SlotRecord& record, CsvLine& line) {
  if (!record.cancellation)
    return line.empty(3);
  const std::int64_t entered = record.cancellation->enteredUnixMs.value_or(0);
  line.plain(callerName(record.cancellation->wantedBy));
  line.utc(entered);
  const std::int64_t noticeMs = saturatingSubtract(record.plan.plan.windowStartUnixMs, entered);
  line.number(noticeMs / 60'000);
}

const char* noEntryName(visits::NoEntryReason reason) {
  switch (reason) {
    case visits::NoEntryReason::NoReply:
      return "no_reply";
    case visits::NoEntryReason::RefusedAtDoor:
      return "refused_at_door";
    case visits::NoEntryReason::Unsafe:
      return "unsafe";
    case visits::NoEntryReason::Unspecified:
      break;
  }
  return "";
}

void addNoEntry(const SlotRecord& record, CsvLine& line) {
  if (!record.record || !record.record->noEntry)
    return line.empty(3);
  const RecordedMoment& moment = *record.record->noEntry;
  line.utc(moment.time.ruledUnixMs);
  line.plain(noEntryName(moment.noEntryReason));
  line.utc(moment.receivedUnixMs);
}

// What schema 2 adds and is not dated with the plan. Left empty until it is recorded: the council's
// order but for the kind of service, suspensions, adjustments, reasons of the office, earlier
// visits of the carer, goals, independence, medicines and alerts (docs/measures.md).
void addSchema2(const SlotRecord& record, std::int64_t exportedUnixMs, Pseudonyms& pseudonyms,
                CsvLine& line) {
  line.utc(exportedUnixMs);
  line.plain(pseudonyms.of(contractOf(record), record.person.id));
  line.empty(2);
  line.plain("day");
  line.empty(3);
  addCancellation(record, line);
  line.empty(1);
  addNoEntry(record, line);
  line.empty(11);
  line.number(record.tasks.criticalPlanned);
  line.number(record.tasks.done);
  line.number(record.tasks.notDoneReasoned);
  line.number(record.tasks.criticalNotDone);
  line.empty(kColumns.size() - line.size());
}

}  // namespace

std::string csvHeader() {
  return fmt::format("{}{}\r\n", kByteOrderMark, fmt::join(kColumns, ","));
}

std::string csvLine(const SlotRecord& record, std::int64_t exportedUnixMs, Pseudonyms& pseudonyms) {
  if (isWithdrawn(record) && !record.isVisitRecorded)
    return {};
  CsvLine line;
  addPlan(record, pseudonyms, line);
  addRecord(record, line);
  line.number(record.rules.ruleVersion);
  const TaskCounts tasks = countTasks(record);
  line.number(tasks.planned);
  line.number(tasks.done);
  line.number(tasks.notDoneReasoned);
  line.number(tasks.criticalNotDone);
  addHistory(record, line);
  addSchema2(record, exportedUnixMs, pseudonyms, line);
  return line.finish();
}

}  // namespace doorstep::records
