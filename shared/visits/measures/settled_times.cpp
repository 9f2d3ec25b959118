// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/settled_times.h"

#include <algorithm>

#include "shared/visits/measures/wide.h"

namespace doorstep::measures {
namespace {

const Rules kDefaultRules;

void keepEarliest(std::optional<std::int64_t>& earliest, std::optional<std::int64_t> moment) {
  if (moment && (!earliest || *moment < *earliest))
    earliest = moment;
}

void settlePlans(ClassifiedVisit& visit) {
  const VisitFacts& facts = *visit.facts;
  visit.plannedAfterStart = facts.firstPublishedMs && facts.locked &&
                            *facts.firstPublishedMs > facts.locked->latestStartMs;
  if (visit.plannedAfterStart)
    return;
  visit.locked = facts.locked;
  visit.final = facts.final;
}

std::int64_t anchorOf(const ClassifiedVisit& visit) {
  for (const auto* plan : {&visit.locked, &visit.final, &visit.facts->commissioned})
    if (*plan)
      return (*plan)->startMs;
  std::optional<std::int64_t> start;
  std::optional<std::int64_t> noEntry;
  std::optional<std::int64_t> end;
  for (const ClassifiedSlot& slot : visit.slots) {
    keepEarliest(start, slot.startMs);
    keepEarliest(noEntry, slot.facts->noEntryMs);
    keepEarliest(end, slot.endMs);
  }
  if (start)
    return *start;
  if (noEntry)
    return *noEntry;
  return end.value_or(visit.facts->exportedMs);
}

void settleBasis(ClassifiedVisit& visit) {
  const VisitFacts& facts = *visit.facts;
  PlanKind kind = visit.rules->punctualityBasis;
  if (kind == PlanKind::Locked && visit.rules->basisFollowsPerson && facts.changesAfterLock > 0 &&
      facts.lateChangesOffice == 0)
    kind = PlanKind::Final;
  visit.basis = kind == PlanKind::Commissioned ? facts.commissioned
                : kind == PlanKind::Locked     ? visit.locked
                                               : visit.final;
  if (!visit.basis) {
    visit.basis = visit.locked ? visit.locked : visit.final ? visit.final : facts.commissioned;
    visit.basisFallback = visit.basis.has_value();
  }
  if (visit.basis)
    visit.basisDay = serviceDay(visit.basis->startMs, visit.rules->serviceDayStartMin);
}

void settleLength(ClassifiedSlot& slot, const Rules& rules) {
  slot.endWithoutStart = slot.endMs && !slot.startMs;
  if (!slot.startMs)
    return;
  slot.noEnd = !slot.endMs;
  slot.endBeforeStart = slot.endMs && *slot.endMs < *slot.startMs;
  slot.tooLong = slot.endMs && *slot.endMs - *slot.startMs > Wide{rules.maxVisitMin} * kMinuteMs;
  if (slot.endMs && !slot.endBeforeStart && !slot.tooLong)
    slot.lengthMs = *slot.endMs - *slot.startMs;
}

// Which visits nobody has to come to.
void settleCancellation(ClassifiedVisit& visit) {
  const VisitFacts& facts = *visit.facts;
  const Rules& rules = *visit.rules;
  const bool byPerson = facts.cancelledBy == CancelledBy::Person;
  const bool tooLate =
      byPerson && *facts.cancelledMs > visit.basis->latestStartMs && !rules.cancelAfterStartCounts;
  if (facts.suspension != Suspension::No)
    visit.visitClass = VisitClass::Suspended;
  else if (tooLate)
    visit.cancelledAfterStart = true;
  else if (byPerson || facts.cancelledBy == CancelledBy::Council ||
           (facts.cancelledBy == CancelledBy::Provider && !rules.providerCancelIsMissed))
    visit.visitClass = VisitClass::Cancelled;
  if (visit.visitClass == VisitClass::None)
    return;
  const bool suspended = visit.visitClass == VisitClass::Suspended;
  visit.exclusion = suspended ? Exclusion::Suspended : Exclusion::Cancelled;
  for (ClassifiedSlot& slot : visit.slots) {
    slot.slotClass = suspended ? SlotClass::Suspended : SlotClass::Cancelled;
    visit.attendedThoughCancelled |= slot.startMs.has_value();
  }
}

void settleUnplanned(ClassifiedVisit& visit) {
  visit.visitClass = VisitClass::Unplanned;
  visit.exclusion = Exclusion::Unplanned;
  for (ClassifiedSlot& slot : visit.slots)
    slot.slotClass = SlotClass::Unplanned;
}

void settleCutoff(ClassifiedVisit& visit) {
  if (!visit.rules->counts(MissedRule::DayCutoff) || !visit.isCall())
    return;
  const std::int64_t cutoffMs = clockToUtcMs(visit.basisDay, visit.rules->dayCutoffLocalMin);
  if (visit.basis->endMs > cutoffMs)
    return;  // planned beyond it
  visit.cutoffMs = cutoffMs;
}

}  // namespace

ClassifiedVisit settleTimes(const VisitFacts& facts, const RuleBook& rules) {
  ClassifiedVisit visit;
  visit.facts = &facts;
  for (const SlotFacts& slotFacts : facts.slots) {
    ClassifiedSlot slot;
    slot.facts = &slotFacts;
    slot.startMs =
        slotFacts.start.adjustedMs ? slotFacts.start.adjustedMs : slotFacts.start.ruledMs;
    slot.endMs = slotFacts.end.adjustedMs ? slotFacts.end.adjustedMs : slotFacts.end.ruledMs;
    visit.slots.push_back(slot);
  }
  settlePlans(visit);
  visit.anchorMs = anchorOf(visit);
  visit.version = rules.at(facts.contractId, localTime(visit.anchorMs).day);
  visit.rules = visit.version ? &visit.version->rules : &kDefaultRules;
  visit.day = serviceDay(visit.anchorMs, visit.rules->serviceDayStartMin);
  visit.week = weekOf(visit.day, visit.rules->weekStart);
  if (facts.slots.size() != static_cast<std::size_t>(facts.carersRequired))
    visit.exclusion = Exclusion::Incomplete;
  else if (!visit.version)
    visit.exclusion = Exclusion::NoRules;
  if (!visit.lookedAt()) {
    visit.plannedAfterStart = false;
    return visit;
  }
  for (ClassifiedSlot& slot : visit.slots)
    settleLength(slot, *visit.rules);
  settleBasis(visit);
  if (!visit.basis) {
    settleUnplanned(visit);
    return visit;
  }
  settleCancellation(visit);
  settleCutoff(visit);
  return visit;
}

}  // namespace doorstep::measures
