// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/visit_facts.h"

#include <algorithm>
#include <string>

#include "shared/core/durations.h"
#include "shared/visits/attendance/attendance_columns.h"
#include "shared/visits/measure_files/column_value.h"

namespace doorstep::records {
namespace {

using measures::VisitFacts;

measures::Plan planOf(std::int64_t startUnixMs, std::int64_t latestUnixMs,
                      std::uint32_t durationMin) {
  return {startUnixMs, latestUnixMs, latestUnixMs + std::int64_t{durationMin} * kMinuteMs};
}

// The provider took the visit out of its plan before the lock; or it was called off then, by
// whomever, and on again after it should have begun, which is no plan either.
bool isWithdrawn(const VisitSources& from) {
  return from.planned.plan.lock.calledOff == visits::CalledOff::AtLock &&
         (!from.cancellation || from.cancellation->wantedBy == visits::WantedBy::Office);
}

measures::SlotFacts slotOf(const projections::FilledSlot& filled) {
  measures::SlotFacts slot;
  slot.number = static_cast<int>(filled.slot);
  if (filled.carer())
    slot.carer = std::to_string(filled.carer().value);
  if (filled.record == nullptr)
    return slot;
  slot.start = attendance::endFacts(filled.record->checkIn);
  slot.end = attendance::endFacts(filled.record->checkOut);
  if (filled.record->noEntry)
    slot.noEntryMs = filled.record->noEntry->time.ruledUnixMs;
  return slot;
}

// An approved time stands beside the recorded one. Which of two approved ends is late, or without
// evidence, is that of the newest approval.
void setAdjustments(const VisitAdjustments& all, measures::SlotFacts& slot) {
  const auto found = all.find(static_cast<std::uint32_t>(slot.number));
  if (found == all.end())
    return;
  if (const auto& times = found->second.times) {
    slot.start.adjustedMs = times->startUnixMs;
    slot.end.adjustedMs = times->endUnixMs;
    slot.adjustedAtMs = times->madeUnixMs;
    slot.adjustAction = times->action;
  }
  if (const auto& explanation = found->second.explanation)
    slot.reason = explanation->reason;
}

void setPlans(const VisitSources& from, VisitFacts& facts) {
  const roster::JudgedPlan& plan = from.planned.plan;
  const visits::PlannedVisit& newest = from.planned.visit;
  facts.firstPublishedMs = plan.firstPublishedUnixMs;
  facts.changesAfterLock = plan.lock.changesAfter;
  facts.lateChangesOffice = plan.lock.changesOffice;
  facts.lateChangesPerson = plan.lock.changesPerson;
  facts.lateChangesCouncil = plan.lock.changesCouncil;
  if (isWithdrawn(from))
    return;
  facts.final = planOf(newest.windowStartUnixMs, newest.windowEndUnixMs, newest.durationMin);
  if (plan.lock.locked)
    facts.locked =
        planOf(plan.plan.windowStartUnixMs, plan.plan.windowEndUnixMs, plan.plan.durationMin);
}

// Cancelled at a time that is not known was before all that have a time, as the lock has it.
void setCancellation(const VisitSources& from, VisitFacts& facts) {
  if (!from.cancellation)
    return;
  facts.cancelledMs = from.cancellation->enteredUnixMs.value_or(0);
  switch (from.cancellation->wantedBy) {
    case visits::WantedBy::Person:
      facts.cancelledBy = measures::CancelledBy::Person;
      break;
    case visits::WantedBy::Council:
      facts.cancelledBy = measures::CancelledBy::Council;
      break;
    case visits::WantedBy::Office:
      facts.cancelledBy = measures::CancelledBy::Provider;
      break;
  }
}

// Terms that an import has let in are of the form; nothing else is shared out.
std::vector<measures::FunderShare> fundersOf(const std::string& split) {
  measure_files::ColumnValue value;
  const measure_files::ColumnSpec column{"funder_split", measure_files::ValueKind::Funders};
  if (measure_files::readColumnValue(column, split, value))
    (void)measure_files::readColumnValue(column, "", value);
  return std::move(value.funders);
}

measures::ProviderRole roleOf(std::string_view name) {
  const auto& names = measures::kProviderRoles;
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? measures::ProviderRole::Unstated
                              : static_cast<measures::ProviderRole>(found - names.begin());
}

void setOrdered(const commissioning::OrderedTerms& ordered, VisitFacts& facts) {
  facts.tier = ordered.tier;
  facts.funders = fundersOf(ordered.funderSplit);
  facts.patch = ordered.patch;
  facts.rurality = ordered.rurality;
  facts.serviceKind = ordered.serviceKind;
  facts.model = ordered.model;
  facts.purchase = ordered.purchase;
  facts.arrangedBy = ordered.arrangedBy;
  facts.suspension = ordered.suspension;
  facts.shortVisitAgreed = ordered.shortVisitAgreed;
  facts.shortVisitBasis = ordered.shortVisitBasis;
}

}  // namespace

std::optional<VisitFacts> visitFacts(const VisitSources& from) {
  if (isWithdrawn(from) && from.attendances.empty())
    return std::nullopt;
  VisitFacts facts;
  facts.visitId = from.planned.visit.ref;
  facts.lot = from.terms.lot;
  setOrdered(from.ordered, facts);
  facts.providerRole = roleOf(from.providerRole);
  facts.person = std::to_string(from.planned.visit.person.value);
  facts.timeCritical = from.planned.visit.timeCritical;
  facts.carersRequired = static_cast<int>(from.slots.size());
  setPlans(from, facts);
  setCancellation(from, facts);
  facts.tasks = attendance::visitTasks(from.planned.visit, from.attendances);
  facts.independence = attendance::independenceOf(from.attendances);
  for (const projections::FilledSlot& filled : from.slots)
    setAdjustments(from.adjustments, facts.slots.emplace_back(slotOf(filled)));
  return facts;
}

visits::PlannedVisit judgedVisit(const roster::JudgedVisit& planned) {
  const roster::JudgedPlan& plan = planned.plan;
  visits::PlannedVisit judged = planned.visit;
  judged.windowStartUnixMs = plan.plan.windowStartUnixMs;
  judged.windowEndUnixMs = plan.plan.windowEndUnixMs;
  judged.durationMin = plan.plan.durationMin;
  judged.timeCritical = plan.plan.timeCritical;
  judged.slots = plan.standingSlots;
  judged.carersRequired = plan.standingCarersRequired;
  judged.state = visits::countsAsCalledOff(plan.lock.calledOff) ? visits::VisitState::Cancelled
                                                                : visits::VisitState::Planned;
  return judged;
}

}  // namespace doorstep::records
