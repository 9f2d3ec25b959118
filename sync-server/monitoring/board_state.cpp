// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/board_state.h"

#include <algorithm>

#include "shared/core/durations.h"
#include "sync-server/monitoring/tuning.h"

namespace doorstep::monitoring {
namespace {

// Normal states in this order, below every problem, whose attention starts at kProblemBase.
constexpr std::uint32_t kDueTimeCritical = 4;
constexpr std::uint32_t kDue = 3;
constexpr std::uint32_t kInProgress = 2;
constexpr std::uint32_t kUpcoming = 1;
constexpr std::uint32_t kProblemBase = kProblemAttention;

// Minutes added to a problem's age, by kind.
constexpr std::int64_t kNoEntryMinutes = 60;    // the person may have fallen
constexpr std::int64_t kMissedMinutes = 60;     // no carer will come unless the office acts
constexpr std::int64_t kAloneMinutes = 20;      // two are needed for a reason: a hoist, a turn
constexpr std::int64_t kCancelledMinutes = 20;  // a carer is at a visit that the office cancelled
constexpr std::int64_t kCriticalTaskMinutes = 60;

// Rounds down, so that 30 seconds before the window's end is minute -1 and not 0.
std::int64_t minutesBetween(std::int64_t fromUnixMs, std::int64_t toUnixMs) {
  const std::int64_t ms = toUnixMs - fromUnixMs;
  return ms >= 0 ? ms / kMinuteMs : -((-ms + kMinuteMs - 1) / kMinuteMs);
}

// Judges one visit at one time, and collects the times at which the judgement may change.
class Judge {
 public:
  Judge(const visits::PlannedVisit& visit, const VisitKnowledge& known,
        const measures::Rules& rules, std::int64_t nowUnixMs)
      : visit_(visit), known_(known), now_(nowUnixMs) {
    const std::int64_t toleranceMin =
        visit.timeCritical ? rules.timeCriticalToleranceMin : rules.lateToleranceMin;
    overdueAfter_ = visit.windowEndUnixMs + toleranceMin * kMinuteMs;
    missedAfter_ = overdueAfter_ + std::int64_t{visit.durationMin} * kMinuteMs;
    for (const SlotKnowledge& slot : known.slots) {
      if (slot.startUnixMs || slot.endUnixMs)
        ++started_;
      if (slot.endUnixMs)
        ++ended_;
      if (slot.startUnixMs) {
        firstStart_ = std::min(firstStart_.value_or(kNever), *slot.startUnixMs);
        latestStart_ = std::max(latestStart_.value_or(*slot.startUnixMs), *slot.startUnixMs);
        if (!slot.endUnixMs)
          openStart_ = std::min(openStart_.value_or(kNever), *slot.startUnixMs);
      }
    }
  }

  BoardJudgement run() {
    judgement_.state = state();
    judgement_.lateMin = static_cast<std::int32_t>(lateMin());
    judgement_.attention = attention();
    return judgement_;
  }

 private:
  // Whether the time has passed; if not, the judgement may change one millisecond after it.
  bool isAfter(std::int64_t unixMs) {
    if (now_ > unixMs)
      return true;
    judgement_.nextChangeUnixMs = std::min(judgement_.nextChangeUnixMs, unixMs + 1);
    return false;
  }

  // Whole minutes since then, at most kProblemMinutesMax; a problem's row changes once a minute.
  std::int64_t problemMinutes(std::int64_t sinceUnixMs) {
    const std::int64_t minutes = minutesBetween(sinceUnixMs, now_);
    if (minutes >= kProblemMinutesMax)
      return kProblemMinutesMax;
    (void)isAfter(sinceUnixMs + (minutes + 1) * kMinuteMs - 1);
    return minutes;
  }

  BoardState state() {
    if (visit_.state == visits::VisitState::Cancelled)
      return started_ > 0 || noEntrySince() ? BoardState::CancelledAttended : BoardState::Cancelled;
    if (started_ == 0)
      return noEntrySince() ? BoardState::NoEntry : stateBeforeStart();
    // More carers may attend than required: then none is alone, and it is over when all have left.
    const std::size_t needed =
        std::min<std::size_t>(known_.slots.size(), std::max(visit_.carersRequired, 1U));
    if (ended_ >= needed && !openStart_)
      return BoardState::Done;
    if (started_ < needed && isAfter(aloneAfter()))
      return BoardState::AloneOfTwo;
    if (openStart_ && isAfter(overrunAfter()))
      return BoardState::Overrunning;
    return BoardState::InProgress;
  }

  BoardState stateBeforeStart() {
    if (!isAfter(visit_.windowStartUnixMs - 1))
      return BoardState::Upcoming;
    if (!isAfter(overdueAfter_))
      return BoardState::Due;
    if (isAfter(missedAfter_))
      return BoardState::MissedSuspected;
    return everyPhoneIsSilent() ? BoardState::OverdueSilent : BoardState::Late;
  }

  // False as soon as one phone without a check-in is heard, or a slot is unassigned: then the
  // office knows that the carer is late.
  bool everyPhoneIsSilent() {
    bool silent = true;
    for (const SlotKnowledge& slot : known_.slots) {
      if (slot.startUnixMs || slot.endUnixMs)
        continue;
      if (!slot.assigned) {
        silent = false;
      } else if (slot.phoneHeardUnixMs != 0) {
        const bool thisIsSilent = isAfter(phoneSilentFromUnixMs(slot.phoneHeardUnixMs) - 1);
        silent = silent && thisIsSilent;
      }
    }
    return silent;
  }

  // The second carer is overdue ten minutes after the first arrived, or when any carer would be.
  std::int64_t aloneAfter() const {
    if (!firstStart_)
      return overdueAfter_;
    const std::int64_t together = std::max(*firstStart_, visit_.windowStartUnixMs);
    return std::min(together + kAloneGraceMin * kMinuteMs, overdueAfter_);
  }

  std::int64_t overrunAfter() const {
    return *openStart_ + (std::int64_t{visit_.durationMin} + kOverrunGraceMin) * kMinuteMs;
  }

  std::optional<std::int64_t> noEntrySince() const {
    std::optional<std::int64_t> since;
    for (const SlotKnowledge& slot : known_.slots) {
      if (slot.noEntryUnixMs)
        since = std::min(since.value_or(kNever), *slot.noEntryUnixMs);
    }
    return since;
  }

  std::int64_t lateMin() {
    std::optional<std::int64_t> late;
    if (latestStart_ && judgement_.state != BoardState::CancelledAttended)
      late = minutesBetween(visit_.windowEndUnixMs, *latestStart_);
    const bool waits = judgement_.state == BoardState::Late ||
                       judgement_.state == BoardState::OverdueSilent ||
                       judgement_.state == BoardState::MissedSuspected ||
                       judgement_.state == BoardState::AloneOfTwo;
    if (waits && isAfter(visit_.windowEndUnixMs - 1))
      late = std::max(late.value_or(-1), problemMinutes(visit_.windowEndUnixMs));
    return late.value_or(-1);
  }

  // attention = base + (weight + minutes) × risk × knowledge, with
  //   minutes    since the problem began, at most kProblemMinutesMax
  //   weight     by kind of problem, and more for a critical task that was not done
  //   risk       1, +1 for a time-critical visit, +1/2 for one that needs two carers
  //   knowledge  1 when it is known; for a silent phone 0.4 at first and 1 after an hour, because a
  //              silent phone must not hide a missed visit; 0.6 while an announced delay has not
  //              passed
  std::uint32_t attention() {
    switch (judgement_.state) {
      case BoardState::Upcoming:
        return kUpcoming;
      case BoardState::Due:
        return visit_.timeCritical ? kDueTimeCritical : kDue;
      case BoardState::InProgress:
        return withCriticalTask(kInProgress);
      case BoardState::Done:
        return withCriticalTask(0);
      case BoardState::Cancelled:
        return 0;
      case BoardState::CancelledAttended:
        // The carer does not know of the cancellation; once she has left, only the record matters.
        return openStart_ ? problem(kCancelledMinutes + problemMinutes(*openStart_), 100) : 0;
      case BoardState::Late: {
        const std::int64_t minutes = problemMinutes(visit_.windowEndUnixMs);
        return problem(minutes, minutes <= std::int64_t{known_.announcedDelayMin} ? 60 : 100);
      }
      case BoardState::OverdueSilent: {
        const std::int64_t minutes = problemMinutes(visit_.windowEndUnixMs);
        return problem(minutes, std::min<std::int64_t>(100, 40 + minutes));
      }
      case BoardState::MissedSuspected:
        return problem(kMissedMinutes + problemMinutes(visit_.windowEndUnixMs), 100);
      case BoardState::AloneOfTwo:
        return problem(kAloneMinutes + problemMinutes(aloneAfter()), 100);
      case BoardState::Overrunning:
        return problem(problemMinutes(overrunAfter()) / 4, 100);
      case BoardState::NoEntry:
        return problem(kNoEntryMinutes + problemMinutes(*noEntrySince()), 100);
    }
    return 0;
  }

  std::uint32_t withCriticalTask(std::uint32_t calm) const {
    return known_.criticalTaskNotDone ? problem(0, 100) : calm;
  }

  std::uint32_t problem(std::int64_t minutes, std::int64_t knowledgePercent) const {
    const std::int64_t weighted = std::max<std::int64_t>(0, minutes) +
                                  (known_.criticalTaskNotDone ? kCriticalTaskMinutes : 0);
    const std::int64_t riskPercent =
        100 + (visit_.timeCritical ? 100 : 0) + (visit_.carersRequired > 1 ? 50 : 0);
    return kProblemBase +
           static_cast<std::uint32_t>(weighted * riskPercent * knowledgePercent / 10'000);
  }

  const visits::PlannedVisit& visit_;
  const VisitKnowledge& known_;
  const std::int64_t now_;
  std::int64_t overdueAfter_ = 0;
  std::int64_t missedAfter_ = 0;
  std::size_t started_ = 0;
  std::size_t ended_ = 0;
  std::optional<std::int64_t> firstStart_;
  std::optional<std::int64_t> latestStart_;
  std::optional<std::int64_t> openStart_;  // of the first carer who has not left
  BoardJudgement judgement_;
};

}  // namespace

BoardJudgement judgeBoardState(const visits::PlannedVisit& visit, const VisitKnowledge& known,
                               const measures::Rules& rules, std::int64_t nowUnixMs) {
  return Judge(visit, known, rules, nowUnixMs).run();
}

bool phoneIsSilent(std::int64_t heardUnixMs, std::int64_t nowUnixMs) {
  return heardUnixMs == 0 || nowUnixMs >= phoneSilentFromUnixMs(heardUnixMs);
}

std::int64_t phoneSilentFromUnixMs(std::int64_t heardUnixMs) {
  return heardUnixMs + kPhoneSilentAfterMin * kMinuteMs + 1;
}

}  // namespace doorstep::monitoring
