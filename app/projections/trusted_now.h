// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "app/journal/journal.h"
#include "app/projections/screens.h"
#include "shared/core/clock.h"

namespace doorstep::projections {

// What time it is, for everything that a screen asks the time for: which day the round is of, what
// "today" is. A wall clock is set by people, networks and flat batteries; what the office said is
// carried on by the monotonic clock. What is recorded keeps the wall clock as it was: the server
// judges it (shared/timing).
//
// Since the last answer, in the same boot: the office's time and what has passed since. After a
// reboot true time is at least that of the last answer and what has passed since the boot; a
// wall clock behind that is wrong, and one that was off by some amount at the last answer may be
// off by it still: what lies nearer to what is certain is believed. Without any answer the wall
// clock is all there is.
struct TrustedNow {
  std::int64_t unixMs = 0;
  ClockFault fault = ClockFault::None;
};

// A wall clock that is off by less is called right: phones are minutes off.
constexpr std::int64_t kClockToleranceMs = 10 * 60'000;

// Pure but for reading the clock.
TrustedNow trustedNow(const Clock& clock, const journal::SyncState& state);

}  // namespace doorstep::projections
