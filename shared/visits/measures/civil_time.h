// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/durations.h"

namespace doorstep::measures {

// Times of the measures: Unix milliseconds, and days counted from 1970-01-01. Local time is UTC,
// plus one hour from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of
// October, in every year: the measures' definition says so, so that no time zone database can
// change a figure (shared/core/local_time.h, for what people see, asks one). Pure. Thread: any.

using DayNumber = std::int64_t;

// "2026-03-29T00:45:00.000Z", no other form, years 1 to 9999, a day that exists.
std::optional<std::int64_t> parseUtc(std::string_view text);
std::string utcText(std::int64_t unixMs);

// "2026-03-29".
std::optional<DayNumber> parseDay(std::string_view text);
std::string dayText(DayNumber day);

// "04:00": minutes after midnight.
std::optional<int> parseClock(std::string_view text);

struct LocalTime {
  DayNumber day = 0;
  std::int64_t msOfDay = 0;
};
LocalTime localTime(std::int64_t unixMs);

// The local date, or the day before while the local clock is before startMin (minutes).
DayNumber serviceDay(std::int64_t unixMs, int startMin);

// The moment at which the local clock shows a time; of two in autumn the first. A time that spring
// skips counts as if the clock had not been changed.
std::int64_t clockToUtcMs(DayNumber day, int clockMin);

// The last day on or before `day` that begins a week. weekStart: 0 for Monday to 6 for Sunday.
DayNumber weekOf(DayNumber day, int weekStart);

}  // namespace doorstep::measures
