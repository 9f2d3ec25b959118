// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace doorstep::roster {

// Local days (Europe/London) counted from 1970-01-01, and a phone's scope in days. Pure except for
// the time zone database. Thread: any.

constexpr std::int64_t kScopeDaysBack = 1;    // yesterday: night visits and late records
constexpr std::int64_t kScopeDaysAhead = 14;  // a fortnight without a network
constexpr std::int64_t kScopeDays = kScopeDaysBack + 1 + kScopeDaysAhead;

std::int64_t localDay(std::int64_t unixMs);
// First moment of the day.
std::int64_t dayBeginUnixMs(std::int64_t day);

}  // namespace doorstep::roster
