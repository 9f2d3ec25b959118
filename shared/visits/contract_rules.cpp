// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/contract_rules.h"

#include <algorithm>

#include "shared/core/durations.h"
#include "shared/core/time_range.h"

namespace doorstep::visits {
namespace {

// Rules may say more minutes than milliseconds fit; no visit is that long.
constexpr std::int64_t kMinutesMax = 1'000'000'000'000;

std::int64_t msOf(std::int64_t minutes) { return kMinuteMs * std::min(minutes, kMinutesMax); }

}  // namespace

SlotJudgement judgeSlot(const PlannedVisit& visit, const SlotFacts& facts,
                        const measures::Rules& rules, std::int64_t nowUnixMs) {
  const std::int64_t lateToleranceMs =
      msOf(visit.timeCritical ? rules.timeCriticalToleranceMin : rules.lateToleranceMin);
  const std::int64_t earlyToleranceMs =
      msOf(visit.timeCritical ? rules.timeCriticalToleranceMin : rules.earlyToleranceMin);
  SlotJudgement judgement;
  // Records come first: withdrawing a plan does not undo what happened.
  const bool attended = facts.startUnixMs || facts.noEntry || facts.ended;
  // Called off by the office after the lock: planned it was, so that nobody's coming is missed.
  const bool cancelled =
      visit.state == VisitState::Cancelled && (attended || !facts.calledOffLateByOffice);
  if (facts.startUnixMs && !cancelled && !facts.plannedAfterwards) {
    const std::int64_t afterMs = saturatingSubtract(*facts.startUnixMs, visit.windowEndUnixMs);
    judgement.lateMs = afterMs > 0 ? afterMs : 0;
  }
  if (cancelled) {
    judgement.punctuality = attended ? Punctuality::CancelledAttended : Punctuality::NotCounted;
  } else if (facts.plannedAfterwards) {
    judgement.punctuality = Punctuality::Unplanned;
  } else if (facts.startUnixMs) {
    if (judgement.lateMs > lateToleranceMs)
      judgement.punctuality = Punctuality::Late;
    else if (saturatingSubtract(visit.windowStartUnixMs, *facts.startUnixMs) > earlyToleranceMs)
      judgement.punctuality = Punctuality::Early;
    else
      judgement.punctuality = Punctuality::OnTime;
  } else if (facts.noEntry) {
    judgement.punctuality = Punctuality::NoEntry;
  } else if (saturatingSubtract(nowUnixMs, visit.windowEndUnixMs) >
             msOf(std::int64_t{visit.durationMin} + rules.missedAfterMin)) {
    judgement.punctuality = Punctuality::Missed;
  } else {
    judgement.punctuality = Punctuality::Open;
  }
  return judgement;
}

}  // namespace doorstep::visits
