// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/scope_days.h"

#include <chrono>
#include <cstdio>
#include <string>

#include "shared/core/check.h"
#include "shared/core/local_time.h"

namespace doorstep::roster {

std::int64_t localDay(std::int64_t unixMs) {
  const std::string text = londonDay(unixMs);
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  DOORSTEP_CHECK(std::sscanf(text.c_str(), "%d-%u-%u", &year, &month, &day) == 3);
  const std::chrono::sys_days days =
      std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  return days.time_since_epoch().count();
}

std::int64_t dayBeginUnixMs(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  const auto bounds = londonDayBounds(text);
  DOORSTEP_CHECK(bounds.ok());
  return bounds->beginUnixMs;
}

}  // namespace doorstep::roster
