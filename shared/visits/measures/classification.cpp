// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/classification.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "shared/visits/measures/merged_calls.h"
#include "shared/visits/measures/settled_times.h"
#include "shared/visits/measures/wide.h"

namespace doorstep::measures {
namespace {

void numberPeople(std::vector<ClassifiedVisit>& visits) {
  std::map<std::pair<std::string_view, std::string_view>, int> numbers;
  for (const ClassifiedVisit& visit : visits)
    if (!visit.facts->person.empty())
      numbers.try_emplace({visit.facts->contractId, visit.facts->person}, 0);
  int next = 0;
  for (auto& [person, number] : numbers)
    number = next++;
  for (ClassifiedVisit& visit : visits)
    if (!visit.facts->person.empty())
      visit.person = numbers.at({visit.facts->contractId, visit.facts->person});
}

bool isCalledOff(const ClassifiedVisit& visit) {
  return visit.exclusion == Exclusion::Suspended || visit.exclusion == Exclusion::Cancelled;
}

// Sets nextMs: the least later start among the person's planned calls of the day.
void findNext(std::vector<ClassifiedVisit>& visits) {
  std::vector<ClassifiedVisit*> calls;
  for (ClassifiedVisit& visit : visits)
    if (visit.lookedAt() && visit.basis && visit.person >= 0 && visit.isCall() &&
        !isCalledOff(visit))
      calls.push_back(&visit);
  const auto key = [](const ClassifiedVisit* v) {
    return std::tuple(v->person, v->basisDay, v->basis->startMs);
  };
  std::sort(calls.begin(), calls.end(),
            [&](const auto* a, const auto* b) { return key(a) < key(b); });
  for (std::size_t i = calls.size(); i-- > 1;) {
    const ClassifiedVisit& after = *calls[i];
    ClassifiedVisit& before = *calls[i - 1];
    if (after.person != before.person || after.basisDay != before.basisDay)
      continue;
    before.nextMs = after.basis->startMs > before.basis->startMs
                        ? std::optional(after.basis->startMs)
                        : after.nextMs;
  }
}

// Whether who came at a moment came for this visit at all.
Cause missedAlthoughThere(const ClassifiedVisit& visit, std::int64_t cameMs,
                          std::optional<std::int64_t> leftMs) {
  const Rules& rules = *visit.rules;
  if (rules.counts(MissedRule::NextPlanned) && visit.nextMs && cameMs >= *visit.nextMs)
    return Cause::AfterNext;
  if (visit.cutoffMs &&
      (cameMs > *visit.cutoffMs ||
       (rules.dayCutoffAppliesTo == CutoffTests::End && leftMs && *leftMs > *visit.cutoffMs)))
    return Cause::AfterCutoff;
  if (rules.counts(MissedRule::StartedAfterEnd) &&
      cameMs - visit.basis->endMs > Wide{rules.missedAfterMin} * kMinuteMs)
    return Cause::TooLate;
  return Cause::None;
}

bool isOneOf(const std::vector<std::string>& reasons, const std::string& reason) {
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

bool isAborted(const ClassifiedSlot& slot, const Rules& rules) {
  return slot.lengthMs && *slot.lengthMs < Wide{rules.minCountableVisitMin} * kMinuteMs &&
         !isOneOf(rules.shortExemptReasons, slot.facts->reason);
}

bool isOver(const ClassifiedVisit& visit) {
  const std::int64_t nowMs = visit.facts->exportedMs;
  const Rules& rules = *visit.rules;
  return nowMs - visit.basis->endMs > Wide{rules.missedAfterMin} * kMinuteMs ||
         (rules.counts(MissedRule::NextPlanned) && visit.nextMs && nowMs >= *visit.nextMs) ||
         (visit.cutoffMs && nowMs > *visit.cutoffMs);
}

void classifySlot(ClassifiedSlot& slot, ClassifiedVisit& visit) {
  const std::optional<std::int64_t> left = slot.lengthMs ? slot.endMs : std::nullopt;
  if (slot.startMs) {
    slot.cause = isAborted(slot, *visit.rules) ? Cause::Aborted
                                               : missedAlthoughThere(visit, *slot.startMs, left);
    slot.slotClass = slot.cause == Cause::None ? SlotClass::Attended : SlotClass::Missed;
    visit.ruleAmbiguous |=
        visit.cutoffMs && *slot.startMs <= *visit.cutoffMs && left && *left > *visit.cutoffMs;
  } else if (slot.facts->noEntryMs) {
    slot.cause = missedAlthoughThere(visit, *slot.facts->noEntryMs, std::nullopt);
    slot.slotClass = slot.cause == Cause::None ? SlotClass::NoEntry : SlotClass::Missed;
  } else if (visit.facts->cancelledBy == CancelledBy::Provider) {
    slot.cause = Cause::ProviderCancelled;
    slot.slotClass = SlotClass::Missed;
  } else if (isOver(visit)) {
    slot.cause = Cause::NeverStarted;
    slot.slotClass = SlotClass::Missed;
  } else {
    slot.slotClass = SlotClass::Open;
  }
}

void classifyVisit(ClassifiedVisit& visit) {
  std::size_t attended = 0;
  bool open = false;
  bool noEntry = false;
  for (ClassifiedSlot& slot : visit.slots) {
    classifySlot(slot, visit);
    attended += slot.attended() ? 1 : 0;
    open |= slot.slotClass == SlotClass::Open;
    noEntry |= slot.slotClass == SlotClass::NoEntry;
  }
  visit.visitClass = open                             ? VisitClass::Open
                     : attended == visit.slots.size() ? VisitClass::AttendedFull
                     : attended > 0                   ? VisitClass::AttendedPart
                     : noEntry                        ? VisitClass::NoEntry
                                                      : VisitClass::Missed;
}

void nameCause(ClassifiedVisit& visit) {
  for (const ClassifiedSlot& slot : visit.slots)
    if (slot.cause != Cause::None && (visit.cause == Cause::None || slot.cause < visit.cause))
      visit.cause = slot.cause;
}

void exclude(ClassifiedVisit& visit) {
  if (visit.visitClass == VisitClass::Open)
    visit.exclusion = Exclusion::Open;
  else if (std::any_of(visit.slots.begin(), visit.slots.end(), [&](const ClassifiedSlot& slot) {
             return isOneOf(visit.rules->exemptReasons, slot.facts->reason);
           }))
    visit.exclusion = Exclusion::Exempt;
  else if (visit.visitClass == VisitClass::NoEntry &&
           visit.rules->noEntryCountsAs == NoEntryCounts::Excluded)
    visit.exclusion = Exclusion::NoEntry;
}

// Of the attended slots: the visit's start, and how two or more carers overlapped.
void measureStart(ClassifiedVisit& visit) {
  std::optional<std::int64_t> first;
  std::optional<std::int64_t> last;
  std::optional<std::int64_t> firstEnd;
  bool lengthsKnown = true;
  for (const ClassifiedSlot& slot : visit.slots) {
    if (!slot.attended())
      continue;
    first = std::min(first.value_or(*slot.startMs), *slot.startMs);
    last = std::max(last.value_or(*slot.startMs), *slot.startMs);
    lengthsKnown &= slot.lengthMs.has_value();
    if (slot.lengthMs)
      firstEnd = std::min(firstEnd.value_or(*slot.endMs), *slot.endMs);
  }
  const bool full = visit.visitClass == VisitClass::AttendedFull;
  if (visit.facts->carersRequired == 1 || visit.rules->doubleHandedStart == StartRule::First)
    visit.startMs = first;
  else if (full)
    visit.startMs = last;
  if (visit.facts->carersRequired == 1 || !full)
    return;
  visit.gapMs = *last - *first;
  visit.overlapMs = lengthsKnown ? std::max<std::int64_t>(0, *firstEnd - *last) : 0;
}

void judgePunctuality(ClassifiedVisit& visit) {
  measureStart(visit);
  if (!visit.startMs)
    visit.punctuality = Punctuality::NotTogether;
  else if (isEarly(*visit.startMs, *visit.basis, visit))
    visit.punctuality = Punctuality::Early;
  else if (isLate(*visit.startMs, *visit.basis, visit))
    visit.punctuality = Punctuality::Late;
  else
    visit.punctuality = Punctuality::OnTime;
}

bool isBeyond(std::int64_t byMs, std::int64_t toleranceMin, const Rules& rules) {
  const Wide limitMs = Wide{toleranceMin} * kMinuteMs;
  return byMs > 0 && (byMs > limitMs || (!rules.windowInclusive && byMs == limitMs));
}

}  // namespace

bool isLate(std::int64_t startMs, const Plan& plan, const ClassifiedVisit& visit) {
  const Rules& rules = *visit.rules;
  return isBeyond(
      startMs - plan.latestStartMs,
      visit.facts->timeCritical ? rules.timeCriticalToleranceMin : rules.lateToleranceMin, rules);
}

bool isEarly(std::int64_t startMs, const Plan& plan, const ClassifiedVisit& visit) {
  const Rules& rules = *visit.rules;
  return isBeyond(
      plan.startMs - startMs,
      visit.facts->timeCritical ? rules.timeCriticalToleranceMin : rules.earlyToleranceMin, rules);
}

bool comesBefore(const ClassifiedVisit& a, const ClassifiedVisit& b) {
  return std::tie(a.anchorMs, a.facts->provider, a.facts->visitId) <
         std::tie(b.anchorMs, b.facts->provider, b.facts->visitId);
}

std::vector<ClassifiedVisit> classify(std::span<const VisitFacts> visits, const RuleBook& rules) {
  std::vector<ClassifiedVisit> classified;
  classified.reserve(visits.size());
  for (const VisitFacts& facts : visits)
    classified.push_back(settleTimes(facts, rules));
  numberPeople(classified);
  findNext(classified);
  for (ClassifiedVisit& visit : classified)
    if (visit.exclusion == Exclusion::None)
      classifyVisit(visit);
  satisfyOnePlanEach(classified);
  for (ClassifiedVisit& visit : classified) {
    if (visit.exclusion != Exclusion::None)
      continue;
    if (visit.visitClass == VisitClass::Missed)
      nameCause(visit);
    exclude(visit);
    if (visit.isAttended())
      judgePunctuality(visit);
  }
  return classified;
}

}  // namespace doorstep::measures
