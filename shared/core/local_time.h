// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep {

// Civil time of Europe/London, by the system's time zone rules; where the system has none, by the
// rule that has been in force since 1996. Every moment has a text: what lies outside the years 1 to
// 9999 is shown as the first or the last of them. Thread: any.

// "2026-11-23T08:30:00" (seconds may be left out) as Unix ms. In the repeated hour of autumn the
// first; a time that the clocks skip in spring is an error. Errors: TIME_FORMAT, TIME_SKIPPED.
Result<std::int64_t> londonToUnixMs(std::string_view text);

// Unix ms as "2026-11-23T08:30:00" or, with milliseconds, "2026-11-23T08:30:00.250".
std::string unixMsToLondon(std::int64_t unixMs);

// The local day that holds the moment, "2026-11-23".
std::string londonDay(std::int64_t unixMs);

// First moment of the local day and of the next one. Error: DAY_FORMAT.
struct DayBounds {
  std::int64_t beginUnixMs = 0;
  std::int64_t endUnixMs = 0;
};
Result<DayBounds> londonDayBounds(std::string_view day);

// The same of the local day that holds a moment, or of one some days after it. Any moment has one.
DayBounds londonDayAround(std::int64_t unixMs, int daysAfter = 0);

// Local days as numbers, counted from 1970-01-01: that which holds the moment, and the first moment
// of one. A number outside the years 1 to 9999 has the first moment of the first or the last of
// them.
std::int64_t londonDayNumber(std::int64_t unixMs);
std::int64_t londonDayBeginUnixMs(std::int64_t dayNumber);

// False: the rule since 1996 is used in place of the system's, and is right for the years since.
bool hasTimeZoneData();

// Unix ms as RFC 3339 UTC with milliseconds, "2026-11-23T08:30:00.000Z".
std::string unixMsToUtc(std::int64_t unixMs);

}  // namespace doorstep
