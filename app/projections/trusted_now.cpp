// SPDX-License-Identifier: Apache-2.0
#include "app/projections/trusted_now.h"

#include <algorithm>

#include "shared/core/local_time.h"

namespace doorstep::projections {
namespace {

// Years 1 to 9999: sums and differences of these never overflow.
constexpr std::int64_t kUnixMsMax = 253'402'300'800'000;
constexpr std::uint64_t kElapsedMsMax = 4'000'000'000'000;  // 126 years: no boot lasts as long

std::int64_t bounded(std::int64_t unixMs) { return std::clamp(unixMs, -kUnixMsMax, kUnixMsMax); }

std::int64_t elapsedMs(std::uint64_t from, std::uint64_t to) {
  return to < from ? 0 : static_cast<std::int64_t>(std::min(to - from, kElapsedMsMax));
}

TrustedNow judged(std::int64_t wallUnixMs, std::int64_t trueUnixMs) {
  const std::int64_t off = wallUnixMs - trueUnixMs;
  if (off <= kClockToleranceMs && off >= -kClockToleranceMs)
    return {trueUnixMs, ClockFault::None};
  const bool sameDay = londonDay(wallUnixMs) == londonDay(trueUnixMs);
  return {trueUnixMs, sameDay ? ClockFault::Time : ClockFault::Date};
}

}  // namespace

TrustedNow trustedNow(const Clock& clock, const journal::SyncState& state) {
  const std::int64_t wall = bounded(clock.wallUnixMs());
  if (state.replyServerUnixMs <= 0)
    return {wall, ClockFault::None};
  const std::int64_t reply = bounded(state.replyServerUnixMs);
  if (state.replyBoot == clock.boot() && clock.bootMs() >= state.replyBootMs)
    return judged(wall, reply + elapsedMs(state.replyBootMs, clock.bootMs()));
  const std::int64_t earliest = reply + elapsedMs(0, clock.bootMs());
  // The wall clock, or the wall clock corrected by its error at the last answer: of the possible
  // ones, the one closer to the certain bound.
  const std::int64_t asBefore =
      state.replyWallUnixMs ? wall - (bounded(*state.replyWallUnixMs) - reply) : wall;
  std::int64_t likely = earliest;
  bool found = false;
  for (const std::int64_t one : {wall, asBefore}) {
    if (one + kClockToleranceMs < earliest || (found && one >= likely))
      continue;
    likely = one;
    found = true;
  }
  return judged(wall, likely);
}

}  // namespace doorstep::projections
