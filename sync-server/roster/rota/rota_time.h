// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::roster {

// A time in a rota.
struct RotaTime {
  std::int64_t unixMs = 0;
  // Set when the time is ambiguous (the clocks show it twice): unixMs is the first, this the
  // second, an hour later.
  std::optional<std::int64_t> secondUnixMs;
  // The text has an offset that London does not have at that moment.
  bool otherOffset = false;
};

// Reads local time of London in every unambiguous form:
//   2026-11-23T08:30:00, 2026-11-23 8:30, 2026/11/23 08:30, 23.11.2026 08:30, 23/11/2026 08:30 am;
//   with an offset (2026-10-25T01:15+00:00, …Z) the moment itself.
// Seconds and their fraction are optional. A date with slashes whose first number may also be a
// month is refused. The error's text says what the value is and what to write instead. Errors:
// TIME_FORMAT, TIME_SKIPPED, DATE_AMBIGUOUS, SPREADSHEET_NUMBER, OUT_OF_RANGE. Pure. Thread: any.
Result<RotaTime> readRotaTime(std::string_view text);

// The two unambiguous forms of a time that the clocks show twice: "2026-10-25T01:15+01:00 or
// +00:00".
std::string offsetExample(std::int64_t unixMs);

}  // namespace doorstep::roster
