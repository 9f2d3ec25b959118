// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep {

// Civil time of Europe/London from the system's time zone database; without one, the rule in force
// since 1996. Every time has a text: outside the years 1 to 9999 it is clamped to the first or last
// of them. Thread: any.

// "2026-11-23T08:30:00" (seconds optional) to Unix ms. An ambiguous time in autumn is the first of
// the two; a time skipped in spring is an error. Errors: TIME_FORMAT, TIME_SKIPPED.
Result<std::int64_t> londonToUnixMs(std::string_view text);

// Unix ms to "2026-11-23T08:30:00" or, with milliseconds, "2026-11-23T08:30:00.250".
std::string unixMsToLondon(std::int64_t unixMs);

// The local day that contains the time, "2026-11-23".
std::string londonDay(std::int64_t unixMs);

// Beginning of the local day (inclusive) and of the next (exclusive). Error: DAY_FORMAT.
struct DayBounds {
  std::int64_t beginUnixMs = 0;
  std::int64_t endUnixMs = 0;
};
Result<DayBounds> londonDayBounds(std::string_view day);

// Bounds of the local day that contains a time, or of a day some days later. Cannot fail.
DayBounds londonDayAround(std::int64_t unixMs, int daysAfter = 0);

// Local days counted from 1970-01-01: the day that contains a time, and the first moment of a day.
// Day numbers outside the years 1 to 9999 are clamped to the first or last of them.
std::int64_t londonDayNumber(std::int64_t unixMs);
std::int64_t londonDayBeginUnixMs(std::int64_t dayNumber);

// False: no time zone database, so the rule since 1996 is used; it is right from then on.
bool hasTimeZoneData();

// Unix ms to RFC 3339 UTC with milliseconds, "2026-11-23T08:30:00.000Z".
std::string unixMsToUtc(std::int64_t unixMs);

}  // namespace doorstep
