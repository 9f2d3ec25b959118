// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/scope_days.h"

#include <algorithm>

#include "shared/core/local_time.h"

namespace doorstep::roster {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
// Days of the years 1 to 9999: beyond them no moment has a day of its own (local_time.h).
constexpr std::int64_t kDayMin = -719'162;
constexpr std::int64_t kDayMax = 2'932'896;

std::int64_t floorDays(std::int64_t unixMs) {
  return unixMs / kDayMs - (unixMs % kDayMs < 0 ? 1 : 0);
}

}  // namespace

// London is at UTC or an hour ahead, so the middle of a local day is in the UTC day of its number.
std::int64_t localDay(std::int64_t unixMs) {
  return floorDays(londonDayAround(unixMs).beginUnixMs + kDayMs / 2);
}

std::int64_t dayBeginUnixMs(std::int64_t day) {
  return londonDayAround(std::clamp(day, kDayMin, kDayMax) * kDayMs + kDayMs / 2).beginUnixMs;
}

}  // namespace doorstep::roster
