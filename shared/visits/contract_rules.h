// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "shared/visits/measures/rules.h"
#include "shared/visits/plan.h"

namespace doorstep::visits {

// Numbers are those of records.v1.Punctuality.
enum class Punctuality {
  OnTime = 1,
  Early = 2,
  Late = 3,
  Missed = 4,
  NoEntry = 5,
  Open = 6,
  NotCounted = 7,         // cancelled and not attended
  CancelledAttended = 8,  // cancelled but attended
  Unplanned = 9,          // first published after its latest start (locked_plan.h)
};

// Facts about one carer slot that judging needs. Times are ruled times (timing::TrustedTime).
struct SlotFacts {
  std::optional<std::int64_t> startUnixMs;
  bool noEntry = false;
  bool ended = false;  // a check-out that counts, with or without a check-in
  bool plannedAfterwards = false;
  // Of a cancelled visit: who provides it called it off when its plan was locked already.
  bool calledOffLateByOffice = false;
};

struct SlotJudgement {
  Punctuality punctuality = Punctuality::Open;
  std::int64_t lateMs = 0;  // start after the window's end; 0 when not late or not started
  bool operator==(const SlotJudgement&) const = default;
};

// What a board says of a slot while its day runs, by tolerances and the time after which a visit is
// missed alone; figures and records are of measures::classify. Pure. Tolerances are inclusive and
// compared in milliseconds, without rounding.
SlotJudgement judgeSlot(const PlannedVisit& visit, const SlotFacts& facts,
                        const measures::Rules& rules, std::int64_t nowUnixMs);

}  // namespace doorstep::visits
