// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/csv_export.h"

#include <array>

#include <fmt/format.h>

#include "shared/core/time_range.h"
#include "shared/visits/attendance/attendance_columns.h"
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

template <typename Enum, std::size_t n>
std::string_view nameOf(const std::array<std::string_view, n>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
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

// The interval of true time is shown only where the server has bounded it.
void addTime(const measures::EndFacts& end, const std::optional<RecordedMoment>& moment,
             CsvLine& line) {
  line.plain(nameOf(measures::kTimeClasses, end.timeClass));
  if (moment && end.timeClass == measures::TimeClass::A) {
    line.utc(moment->time.earliestUnixMs);
    line.utc(moment->time.latestUnixMs);
  } else {
    line.empty(2);
  }
  line.utc(end.ruledMs);
}

void addPlanTimes(const std::optional<measures::Plan>& plan, CsvLine& line) {
  if (!plan)
    return line.empty(3);
  line.utc(plan->startMs);
  line.utc(plan->latestStartMs);
  line.utc(plan->endMs);
}

ContractId contractOf(const SlotRecord& record) {
  return record.contract == nullptr ? ContractId() : record.contract->id;
}

void addPlan(const SlotRecord& record, Pseudonyms& pseudonyms, CsvLine& line) {
  line.plain(kSchemaVersion);
  line.plain("Europe/London");
  line.text(record.providerName);
  line.text(record.contract == nullptr ? "" : record.contract->ref);
  line.text(record.facts->lot);
  line.text(record.visit.service);
  line.text(record.person.ref);
  line.text(record.visit.ref);
  line.plain(pseudonyms.of(contractOf(record), record.carer));
  line.number(record.slot);
  line.number(record.facts->carersRequired);
  addPlanTimes(record.facts->final, line);
  line.plain(record.facts->timeCritical ? "true" : "false");
}

void addPlace(const measures::SlotFacts& slot, const SlotRecord& record, CsvLine& line) {
  const std::optional<RecordedMoment> none;
  const auto& start = record.record ? record.record->checkIn : none;
  const auto& end = record.record ? record.record->checkOut : none;
  line.plain(nameOf(measures::kMethods, slot.start.method));
  line.plain(nameOf(measures::kMethods, slot.end.method));
  line.plain(nameOf(measures::kGrades, slot.start.grade));
  line.plain(nameOf(measures::kGrades, slot.end.grade));
  line.plain(start ? attendance::distanceBand(start->place) : "");
  line.plain(end ? attendance::distanceBand(end->place) : "");
  const bool fix = start && start->place && start->place->fixAgeS && start->place->accuracyM;
  if (fix) {
    line.number(*start->place->fixAgeS);
    line.number(*start->place->accuracyM);
  } else {
    line.empty(2);
  }
}

void addRecord(const measures::SlotFacts& slot, const SlotRecord& record, CsvLine& line) {
  const std::optional<RecordedMoment> none;
  line.utc(slot.start.rawMs);
  line.utc(slot.end.rawMs);
  addTime(slot.start, record.record ? record.record->checkIn : none, line);
  addTime(slot.end, record.record ? record.record->checkOut : none, line);
  addPlace(slot, record, line);
  line.utc(slot.start.receivedMs);
  line.utc(slot.end.receivedMs);
  line.plain(statusName(record));
  line.plain(punctualityName(record.judgement.punctuality));
  line.number(record.judgement.lateMs);
  line.number(record.visit.durationMin);
  if (slot.start.ruledMs && slot.end.ruledMs) {
    const std::int64_t lastedMs = saturatingSubtract(*slot.end.ruledMs, *slot.start.ruledMs);
    line.plain(fmt::format("{:.3f}", static_cast<double>(lastedMs) / 60'000));
  } else {
    line.empty(1);
  }
  line.number(record.ruleVersion);
  const TaskCounts tasks = countTasks(record);
  line.number(tasks.planned);
  line.number(tasks.done);
  line.number(tasks.notDoneReasoned);
  line.number(tasks.criticalNotDone);
}

std::string funderSplit(const measures::VisitFacts& facts) {
  if (facts.funders.size() == 1 && facts.funders.front().funder == "unstated")
    return {};
  std::string text;
  for (const measures::FunderShare& each : facts.funders)
    text += fmt::format("{}{}={}", text.empty() ? "" : ";", each.funder, each.share);
  return text;
}

// Adds the plans and the effective-dated values.
void addHistory(const SlotRecord& record, CsvLine& line) {
  const measures::VisitFacts& facts = *record.facts;
  const roster::JudgedPlan& plan = record.plan;
  line.text(facts.tier);
  line.plain(nameOf(measures::kProviderRoles, facts.providerRole));
  line.plain(funderSplit(facts));
  addPlanTimes(facts.commissioned, line);
  addPlanTimes(facts.locked, line);
  line.utc(facts.firstPublishedMs);
  line.utc(plan.lock.lockedUnixMs);
  if (plan.lock.locked)
    line.number(static_cast<std::int64_t>(plan.publication.version));
  else
    line.empty(1);
  line.number(static_cast<std::int64_t>(plan.newest.version));
  line.number(facts.changesAfterLock);
  line.number(facts.lateChangesOffice);
  line.number(facts.lateChangesPerson);
  line.number(facts.lateChangesCouncil);
}

// Who called the visit off, and when that was entered.
void addCancellation(const SlotRecord& record, CsvLine& line) {
  const measures::VisitFacts& facts = *record.facts;
  line.plain(nameOf(measures::kCancelledBy, facts.cancelledBy));
  line.utc(facts.cancelledMs);
  if (!facts.cancelledMs)
    return line.empty(1);
  const std::int64_t noticeMs =
      saturatingSubtract(record.plan.plan.windowStartUnixMs, *facts.cancelledMs);
  line.number(noticeMs / 60'000);
}

void addNoEntry(const measures::SlotFacts& slot, const SlotRecord& record, CsvLine& line) {
  line.utc(slot.noEntryMs);
  if (!slot.noEntryMs || !record.record || !record.record->noEntry)
    return line.empty(2);
  line.plain(attendance::noEntryName(record.record->noEntry->noEntryReason));
  line.utc(record.record->noEntry->receivedUnixMs);
}

void addCare(const measures::VisitFacts& facts, CsvLine& line) {
  line.number(facts.tasks.criticalPlanned);
  line.number(facts.tasks.done);
  line.number(facts.tasks.notDoneReasoned);
  line.number(facts.tasks.criticalNotDone);
  line.number(facts.tasks.goalLinked);
  line.number(facts.independence.self);
  line.number(facts.independence.prompted);
  line.number(facts.independence.assisted);
  line.number(facts.independence.full);
}

// What schema 2 adds and is not dated with the plan. Left empty until it is recorded: reasons of
// the office, goals, medicines and alerts (docs/measures.md).
void addSchema2(const measures::SlotFacts& slot, const SlotRecord& record,
                std::int64_t exportedUnixMs, Pseudonyms& pseudonyms, CsvLine& line) {
  const measures::VisitFacts& facts = *record.facts;
  const auto& times = record.adjustments.times;
  const auto& explanation = record.adjustments.explanation;
  line.utc(exportedUnixMs);
  line.plain(pseudonyms.of(contractOf(record), record.person.id));
  line.text(facts.patch);
  line.plain(nameOf(measures::kRuralities, facts.rurality));
  line.plain(nameOf(measures::kServiceKinds, facts.serviceKind));
  line.plain(nameOf(measures::kCareModels, facts.model));
  line.plain(nameOf(measures::kPurchases, facts.purchase));
  line.plain(nameOf(measures::kArrangedBy, facts.arrangedBy));
  addCancellation(record, line);
  line.plain(nameOf(measures::kSuspensions, facts.suspension));
  addNoEntry(slot, record, line);
  line.utc(slot.start.adjustedMs);
  line.utc(slot.end.adjustedMs);
  line.text(times ? times->reason : "");
  line.text(slot.adjustAction);
  line.text(times ? times->byRole : "");
  line.utc(slot.adjustedAtMs);
  line.text(slot.reason);
  line.text(explanation ? explanation->responsibility : "");
  line.plain(facts.shortVisitAgreed ? "true" : "false");
  line.plain(nameOf(measures::kShortVisitBases, facts.shortVisitBasis));
  line.utc(slot.priorVisitMs);
  addCare(facts, line);
  line.empty(kColumns.size() - line.size());
}

const measures::SlotFacts& slotOf(const SlotRecord& record) {
  static const measures::SlotFacts nobody;
  for (const measures::SlotFacts& slot : record.facts->slots) {
    if (slot.number == static_cast<int>(record.slot))
      return slot;
  }
  return nobody;  // a carer is needed who was not when it was judged
}

}  // namespace

std::string csvHeader() {
  return fmt::format("{}{}\r\n", kByteOrderMark, fmt::join(kColumns, ","));
}

std::string csvLine(const SlotRecord& record, std::int64_t exportedUnixMs, Pseudonyms& pseudonyms) {
  if (!record.facts)
    return {};
  const measures::SlotFacts& slot = slotOf(record);
  CsvLine line;
  addPlan(record, pseudonyms, line);
  addRecord(slot, record, line);
  addHistory(record, line);
  addSchema2(slot, record, exportedUnixMs, pseudonyms, line);
  return line.finish();
}

}  // namespace doorstep::records
