// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/shared/visits/measures/random_visits.h"

#include <rapidcheck.h>

#include <algorithm>
#include <string>

namespace doorstep::support {
namespace {

using namespace measures;

constexpr std::int64_t kFirstMs = 1'774'742'400'000;  // 2026-03-29T00:00Z, the clocks change

int below(int count) { return *rc::gen::inRange(0, count); }
bool oneIn(int count) { return below(count) == 0; }

std::int64_t nearLimits() {
  return *rc::gen::element<std::int64_t>(0, 0, 5, -5, 15, -15, 16, 30, 45, 61, -16, 180, 240) *
             kMinuteMs +
         *rc::gen::element<std::int64_t>(0, 0, 0, 1, -1);
}

Plan planFrom(std::int64_t startMs) {
  const std::int64_t windowMs = *rc::gen::element<std::int64_t>(0, 0, 30) * kMinuteMs;
  const std::int64_t lengthMs = *rc::gen::element<std::int64_t>(15, 30, 30, 60) * kMinuteMs;
  return {startMs, startMs + windowMs, startMs + windowMs + lengthMs};
}

EndFacts endAt(std::int64_t ms) {
  EndFacts end;
  end.rawMs = ms;
  end.ruledMs = ms + (oneIn(4) ? kMinuteMs : 0);
  end.timeClass = oneIn(3) ? TimeClass::C : TimeClass::A;
  end.method = static_cast<Method>(below(static_cast<int>(kMethods.size())));
  end.grade = static_cast<Grade>(below(static_cast<int>(kGrades.size())));
  if (!oneIn(4))
    end.receivedMs = ms + nearLimits();
  if (oneIn(6))
    end.adjustedMs = ms + 3 * kMinuteMs;
  return end;
}

SlotFacts slotOf(const VisitFacts& visit, int number, std::int64_t dueMs) {
  SlotFacts slot;
  slot.number = number;
  slot.carer = *rc::gen::element<std::string>("c1", "c2", "c3", "");
  slot.reason = *rc::gen::element<std::string>("", "", "", "P2", "P4", "W1");
  slot.adjustedAtMs = dueMs + 72 * kHourMs;
  const std::int64_t cameMs = dueMs + nearLimits();
  if (!oneIn(4)) {
    slot.start = endAt(cameMs);
    if (!oneIn(5))
      slot.end =
          endAt(cameMs + *rc::gen::element<std::int64_t>(2, 5, 10, 24, 30, 30, 45, -1) * kMinuteMs);
  } else if (oneIn(2)) {
    slot.noEntryMs = cameMs;
  }
  if (oneIn(2))
    slot.priorVisitMs = dueMs - 80 * kDayMs;
  if (oneIn(4))
    slot.lateAlertRaisedMs = dueMs + 16 * kMinuteMs;
  if (oneIn(4))
    slot.missedAlertRaisedMs = visit.exportedMs;
  return slot;
}

void planVisit(VisitFacts& visit, std::int64_t dueMs) {
  if (!oneIn(8))
    visit.locked = planFrom(dueMs);
  if (visit.locked && !oneIn(4))
    visit.final = visit.locked;
  else if (!oneIn(3))
    visit.final = planFrom(dueMs + nearLimits());
  if (!oneIn(3))
    visit.commissioned = planFrom(dueMs);
  if (oneIn(4))
    visit.firstPublishedMs = dueMs + nearLimits();
  visit.lateChangesPerson = oneIn(4) ? 1 : 0;
  visit.changesAfterLock = visit.lateChangesPerson;
  if (oneIn(8))
    visit.suspension = Suspension::Hospital;
  if (oneIn(6)) {
    visit.cancelledBy = static_cast<CancelledBy>(1 + below(3));
    visit.cancelledMs = dueMs - *rc::gen::element<std::int64_t>(-1, 0, 24, 25) * kHourMs;
  }
}

void fillCare(VisitFacts& visit) {
  visit.tasks.planned = below(4);
  visit.tasks.done = below(4);
  visit.independence.self = below(3);
  visit.independence.full = below(3);
  visit.doses.given = below(3);
  visit.doses.missed = below(3);
  visit.doses.due = visit.doses.given + visit.doses.missed;
  if (oneIn(3))
    visit.goalScores.push_back({"G", below(5) - 2, below(5) - 2});
}

VisitFacts visitNumbered(int number) {
  VisitFacts visit;
  visit.visitId = "v" + std::to_string(number);
  visit.provider = *rc::gen::element<std::string>("A", "A", "B");
  visit.contractId = *rc::gen::element<std::string>("K1", "K1", "K2");
  visit.lot = *rc::gen::element<std::string>("L1", "L2");
  visit.person = *rc::gen::element<std::string>("p1", "p1", "p2", "");
  visit.serviceKind = *rc::gen::element(ServiceKind::Day, ServiceKind::Day, ServiceKind::Day,
                                        ServiceKind::Reablement, ServiceKind::Respite);
  visit.funders = {{"council", 7000}, {"health", 3000}};
  visit.timeCritical = oneIn(4);
  visit.carersRequired = oneIn(3) ? 2 : 1;
  const std::int64_t dueMs = kFirstMs + below(3) * kDayMs + below(12) * 2 * kHourMs;
  visit.exportedMs = oneIn(5) ? dueMs + kHourMs : kFirstMs + 10 * kDayMs;
  planVisit(visit, dueMs);
  fillCare(visit);
  const int slots = visit.carersRequired == 2 && oneIn(8) ? 1 : visit.carersRequired;
  for (int slot = 1; slot <= slots; ++slot)
    visit.slots.push_back(slotOf(visit, slot, dueMs));
  return visit;
}

}  // namespace

std::vector<VisitFacts> randomVisits() {
  std::vector<VisitFacts> visits;
  const int count = *rc::gen::inRange(0, 40);
  for (int i = 0; i < count; ++i)
    visits.push_back(visitNumbered(i));
  return visits;
}

Rules randomRuleSet() {
  Rules rules;
  rules.missedRules = static_cast<std::uint32_t>(below(16));
  rules.windowInclusive = oneIn(2);
  rules.punctualityBasis = static_cast<PlanKind>(below(3));
  rules.basisFollowsPerson = oneIn(2);
  rules.doubleHandedStart = static_cast<StartRule>(below(2));
  rules.dayCutoffAppliesTo = static_cast<CutoffTests>(below(2));
  rules.noEntryCountsAs = static_cast<NoEntryCounts>(below(2));
  rules.noEntryBillable = static_cast<NoEntryBilling>(below(2));
  rules.providerCancelIsMissed = oneIn(2);
  rules.deliveredCap = static_cast<DeliveredCap>(below(4));
  rules.capToleranceMin = 5 * below(3);
  rules.roundingUnitMin = *rc::gen::element<std::int64_t>(0, 1, 5, 15);
  rules.roundingMode = static_cast<RoundingMode>(below(3));
  rules.roundingHalf = static_cast<RoundingHalf>(below(3));
  rules.roundingStage = static_cast<RoundingStage>(below(4));
  rules.doubleHandedBilling = static_cast<DoubleBilling>(below(2));
  rules.weekStart = below(7);
  if (rules.deliveredCap == DeliveredCap::WeeklyPool)
    rules.roundingStage = static_cast<RoundingStage>(below(3));
  return rules;
}

RuleBook randomRules() {
  RuleBook book;
  for (const char* contract : {"K1", "*"}) {
    book.add(contract, {1, *parseDay("2026-01-01"), std::nullopt, randomRuleSet()});
    book.add(contract, {2, *parseDay("2026-03-30"), std::nullopt, randomRuleSet()});
  }
  return book;
}

RuleBook always(const Rules& rules) {
  RuleBook book;
  book.add("*", {1, *parseDay("2000-01-01"), std::nullopt, rules});
  return book;
}

}  // namespace doorstep::support
