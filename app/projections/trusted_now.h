// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "app/journal/journal.h"
#include "app/projections/screens.h"
#include "shared/core/clock.h"

namespace doorstep::projections {

// The time used by the screens: which day the round is of, what "today" is. A wall clock is set by
// people, networks and flat batteries; the monotonic clock carries the office's time forward.
// Recorded events keep the wall clock unchanged: the server judges it (shared/timing).
//
// In the boot of the last answer: the office's time plus the elapsed time. After a reboot, true
// time is at least that of the last answer plus the time since the boot; candidates are the wall
// clock and the wall clock corrected by its error at the last answer; the smaller of those not
// below the bound (less kClockToleranceMs) is used, and the bound itself if both are below. Without
// any answer: the wall clock.
struct TrustedNow {
  std::int64_t unixMs = 0;
  ClockFault fault = ClockFault::None;
};

// A wall clock with a smaller error counts as right: phones are minutes off.
constexpr std::int64_t kClockToleranceMs = 10 * 60'000;

// Pure except for reading the clock.
TrustedNow trustedNow(const Clock& clock, const journal::SyncState& state);

}  // namespace doorstep::projections
