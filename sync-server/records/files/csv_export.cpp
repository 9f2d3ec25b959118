// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/files/csv_export.h"

#include <array>

#include <fmt/format.h>

#include "shared/core/time_range.h"
#include "shared/visits/attendance/attendance_columns.h"
#include "sync-server/records/files/export_row.h"
#include "sync-server/records/listing/record_message.h"

namespace doorstep::records {
namespace {

// Version of the set of columns (export_columns.h).
constexpr std::int64_t kSchemaVersion = 2;

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
             ExportRow& row) {
  row.code(nameOf(measures::kTimeClasses, end.timeClass));
  if (moment && end.timeClass == measures::TimeClass::A) {
    row.utc(moment->time.earliestUnixMs);
    row.utc(moment->time.latestUnixMs);
  } else {
    row.empty(2);
  }
  row.utc(end.ruledMs);
}

void addPlanTimes(const std::optional<measures::Plan>& plan, ExportRow& row) {
  if (!plan)
    return row.empty(3);
  row.utc(plan->startMs);
  row.utc(plan->latestStartMs);
  row.utc(plan->endMs);
}

ContractId contractOf(const SlotRecord& record) {
  return record.contract == nullptr ? ContractId() : record.contract->id;
}

void addPlan(const SlotRecord& record, Pseudonyms& pseudonyms, ExportRow& row) {
  row.number(kSchemaVersion);
  row.code("Europe/London");
  row.text(record.providerName);
  row.text(record.contract == nullptr ? "" : record.contract->ref);
  row.text(record.facts->lot);
  row.text(record.visit.service);
  row.text(record.person.ref);
  row.text(record.visit.ref);
  row.code(pseudonyms.of(contractOf(record), record.carer));
  row.number(record.slot);
  row.number(record.facts->carersRequired);
  addPlanTimes(record.facts->final, row);
  row.flag(record.facts->timeCritical);
}

void addPlace(const measures::SlotFacts& slot, const SlotRecord& record, ExportRow& row) {
  const std::optional<RecordedMoment> none;
  const auto& start = record.record ? record.record->checkIn : none;
  const auto& end = record.record ? record.record->checkOut : none;
  row.code(nameOf(measures::kMethods, slot.start.method));
  row.code(nameOf(measures::kMethods, slot.end.method));
  row.code(nameOf(measures::kGrades, slot.start.grade));
  row.code(nameOf(measures::kGrades, slot.end.grade));
  row.code(start ? attendance::distanceBand(start->place) : "");
  row.code(end ? attendance::distanceBand(end->place) : "");
  const bool fix = start && start->place && start->place->fixAgeS && start->place->accuracyM;
  if (fix) {
    row.number(*start->place->fixAgeS);
    row.number(*start->place->accuracyM);
  } else {
    row.empty(2);
  }
}

void addRecord(const measures::SlotFacts& slot, const SlotRecord& record, ExportRow& row) {
  const std::optional<RecordedMoment> none;
  row.utc(slot.start.rawMs);
  row.utc(slot.end.rawMs);
  addTime(slot.start, record.record ? record.record->checkIn : none, row);
  addTime(slot.end, record.record ? record.record->checkOut : none, row);
  addPlace(slot, record, row);
  row.utc(slot.start.receivedMs);
  row.utc(slot.end.receivedMs);
  row.code(statusName(record));
  row.code(punctualityName(record.judgement.punctuality));
  row.number(record.judgement.lateMs);
  row.number(record.visit.durationMin);
  if (slot.start.ruledMs && slot.end.ruledMs) {
    const std::int64_t lastedMs = saturatingSubtract(*slot.end.ruledMs, *slot.start.ruledMs);
    row.minutes(lastedMs);
  } else {
    row.empty(1);
  }
  row.number(record.ruleVersion);
  const TaskCounts tasks = countTasks(record);
  row.number(tasks.planned);
  row.number(tasks.done);
  row.number(tasks.notDoneReasoned);
  row.number(tasks.criticalNotDone);
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
void addHistory(const SlotRecord& record, ExportRow& row) {
  const measures::VisitFacts& facts = *record.facts;
  const roster::JudgedPlan& plan = record.plan;
  row.text(facts.tier);
  row.code(nameOf(measures::kProviderRoles, facts.providerRole));
  row.code(funderSplit(facts));
  addPlanTimes(facts.commissioned, row);
  addPlanTimes(facts.locked, row);
  row.utc(facts.firstPublishedMs);
  row.utc(plan.lock.lockedUnixMs);
  if (plan.lock.locked)
    row.number(static_cast<std::int64_t>(plan.publication.version));
  else
    row.empty(1);
  row.number(static_cast<std::int64_t>(plan.newest.version));
  row.number(facts.changesAfterLock);
  row.number(facts.lateChangesOffice);
  row.number(facts.lateChangesPerson);
  row.number(facts.lateChangesCouncil);
}

// Who called the visit off, and when that was entered.
void addCancellation(const SlotRecord& record, ExportRow& row) {
  const measures::VisitFacts& facts = *record.facts;
  row.code(nameOf(measures::kCancelledBy, facts.cancelledBy));
  row.utc(facts.cancelledMs);
  if (!facts.cancelledMs)
    return row.empty(1);
  const std::int64_t noticeMs =
      saturatingSubtract(record.plan.plan.windowStartUnixMs, *facts.cancelledMs);
  row.number(noticeMs / 60'000);
}

void addNoEntry(const measures::SlotFacts& slot, const SlotRecord& record, ExportRow& row) {
  row.utc(slot.noEntryMs);
  if (!slot.noEntryMs || !record.record || !record.record->noEntry)
    return row.empty(2);
  row.code(attendance::noEntryName(record.record->noEntry->noEntryReason));
  row.utc(record.record->noEntry->receivedUnixMs);
}

void addCare(const measures::VisitFacts& facts, ExportRow& row) {
  row.number(facts.tasks.criticalPlanned);
  row.number(facts.tasks.done);
  row.number(facts.tasks.notDoneReasoned);
  row.number(facts.tasks.criticalNotDone);
  row.number(facts.tasks.goalLinked);
  row.number(facts.independence.self);
  row.number(facts.independence.prompted);
  row.number(facts.independence.assisted);
  row.number(facts.independence.full);
}

// What schema 2 adds and is not dated with the plan. Left empty until it is recorded: reasons of
// the office, goals, medicines and alerts (docs/measures.md).
void addSchema2(const measures::SlotFacts& slot, const SlotRecord& record,
                std::int64_t exportedUnixMs, Pseudonyms& pseudonyms, ExportRow& row) {
  const measures::VisitFacts& facts = *record.facts;
  const auto& times = record.adjustments.times;
  const auto& explanation = record.adjustments.explanation;
  row.utc(exportedUnixMs);
  row.code(pseudonyms.of(contractOf(record), record.person.id));
  row.text(facts.patch);
  row.code(nameOf(measures::kRuralities, facts.rurality));
  row.code(nameOf(measures::kServiceKinds, facts.serviceKind));
  row.code(nameOf(measures::kCareModels, facts.model));
  row.code(nameOf(measures::kPurchases, facts.purchase));
  row.code(nameOf(measures::kArrangedBy, facts.arrangedBy));
  addCancellation(record, row);
  row.code(nameOf(measures::kSuspensions, facts.suspension));
  addNoEntry(slot, record, row);
  row.utc(slot.start.adjustedMs);
  row.utc(slot.end.adjustedMs);
  row.text(times ? times->reason : "");
  row.text(slot.adjustAction);
  row.text(times ? times->byRole : "");
  row.utc(slot.adjustedAtMs);
  row.text(slot.reason);
  row.text(explanation ? explanation->responsibility : "");
  row.flag(facts.shortVisitAgreed);
  row.code(nameOf(measures::kShortVisitBases, facts.shortVisitBasis));
  row.utc(slot.priorVisitMs);
  addCare(facts, row);
  row.empty(visitColumns().size() - row.size());
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

std::string csvHeader() { return csvHeaderOf(visitColumns()); }

std::optional<ExportRow> visitRow(const SlotRecord& record, std::int64_t exportedUnixMs,
                                  Pseudonyms& pseudonyms) {
  if (!record.facts)
    return std::nullopt;
  const measures::SlotFacts& slot = slotOf(record);
  ExportRow row(visitColumns());
  addPlan(record, pseudonyms, row);
  addRecord(slot, record, row);
  addHistory(record, row);
  addSchema2(slot, record, exportedUnixMs, pseudonyms, row);
  return row;
}

}  // namespace doorstep::records
