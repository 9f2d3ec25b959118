// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/civil_time.h"

#include <chrono>
#include <cstdio>

namespace doorstep::measures {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr int kDaysAWeek = 7;
constexpr DayNumber kMondayAfterZero = 4;  // 1970-01-05 was a Monday

std::int64_t floorDivide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

year_month_day dateOf(DayNumber day) { return sys_days(days(day)); }

// So many digits from a place; -1: they are not all digits.
int number(std::string_view text, std::size_t at, std::size_t digits) {
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9')
      return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// 01:00 UTC on the last Sunday of a month.
std::int64_t clockChangeMs(year y, std::chrono::month month) {
  const sys_days last = y / month / std::chrono::Sunday[std::chrono::last];
  return last.time_since_epoch().count() * kDayMs + kHourMs;
}

bool isSummer(std::int64_t unixMs) {
  const year y = dateOf(floorDivide(unixMs, kDayMs)).year();
  return unixMs >= clockChangeMs(y, std::chrono::March) &&
         unixMs < clockChangeMs(y, std::chrono::October);
}

}  // namespace

std::optional<DayNumber> parseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    return std::nullopt;
  const int y = number(text, 0, 4);
  const int m = number(text, 5, 2);
  const int d = number(text, 8, 2);
  if (y < 1 || m < 1 || d < 1)
    return std::nullopt;
  const year_month_day date(year(y), std::chrono::month(static_cast<unsigned>(m)),
                            std::chrono::day(static_cast<unsigned>(d)));
  if (!date.ok())
    return std::nullopt;
  return sys_days(date).time_since_epoch().count();
}

std::string dayText(DayNumber day) {
  const year_month_day date = dateOf(day);
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

std::optional<std::int64_t> parseUtc(std::string_view text) {
  if (text.size() != 24 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text[19] != '.' || text[23] != 'Z')
    return std::nullopt;
  const auto day = parseDay(text.substr(0, 10));
  const int hour = number(text, 11, 2);
  const int minute = number(text, 14, 2);
  const int second = number(text, 17, 2);
  const int ms = number(text, 20, 3);
  if (!day || hour < 0 || minute < 0 || second < 0 || ms < 0 || hour > 23 || minute > 59 ||
      second > 59)
    return std::nullopt;
  return *day * kDayMs + hour * kHourMs + minute * kMinuteMs + second * kSecondMs + ms;
}

std::string utcText(std::int64_t unixMs) {
  const DayNumber day = floorDivide(unixMs, kDayMs);
  const auto ms = static_cast<int>(unixMs - day * kDayMs);
  char text[24];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d.%03dZ", ms / 3'600'000, ms / 60'000 % 60,
                ms / 1'000 % 60, ms % 1'000);
  return dayText(day) + text;
}

std::optional<int> parseClock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':')
    return std::nullopt;
  const int hour = number(text, 0, 2);
  const int minute = number(text, 3, 2);
  if (hour < 0 || minute < 0 || hour > 23 || minute > 59)
    return std::nullopt;
  return hour * 60 + minute;
}

LocalTime localTime(std::int64_t unixMs) {
  const std::int64_t local = unixMs + (isSummer(unixMs) ? kHourMs : 0);
  const DayNumber day = floorDivide(local, kDayMs);
  return {day, local - day * kDayMs};
}

DayNumber serviceDay(std::int64_t unixMs, int startMin) {
  const LocalTime local = localTime(unixMs);
  return local.msOfDay < startMin * kMinuteMs ? local.day - 1 : local.day;
}

std::int64_t clockToUtcMs(DayNumber day, int clockMin) {
  const std::int64_t winter = day * kDayMs + clockMin * kMinuteMs;
  const std::int64_t summer = winter - kHourMs;
  return isSummer(summer) ? summer : winter;
}

DayNumber weekOf(DayNumber day, int weekStart) {
  const std::int64_t into = day - kMondayAfterZero - weekStart;
  return day - (into - floorDivide(into, kDaysAWeek) * kDaysAWeek);
}

}  // namespace doorstep::measures
