// SPDX-License-Identifier: Apache-2.0
#include "shared/core/local_time.h"

#include <absl/time/time.h>

#include <algorithm>
#include <optional>

namespace doorstep {
namespace {

using TimeInfo = absl::TimeZone::TimeInfo;

// Times outside the years 1 to 9999 have no four-digit year.
constexpr std::int64_t kFirstUnixMs = -62'135'510'400'000;  // 0001-01-02T00:00:00Z
constexpr std::int64_t kLastUnixMs = 253'402'214'400'000;   // 9999-12-31T00:00:00Z
constexpr absl::CivilDay kDayZero(1970, 1, 1);

// nullopt: no time zone data, or data that cannot be read.
const std::optional<absl::TimeZone>& london() {
  static const std::optional<absl::TimeZone> zone = [] {
    absl::TimeZone loaded;  // package tzdata
    return absl::LoadTimeZone("Europe/London", &loaded) ? std::optional(loaded) : std::nullopt;
  }();
  return zone;
}

// The last Sunday of a month at 01:00 UTC (The Summer Time Order 2002; since 1996).
absl::Time clockChange(absl::CivilYear year, int month) {
  const absl::CivilDay last = absl::CivilDay(absl::CivilMonth(year.year(), month) + 1) - 1;
  const absl::CivilDay sunday = absl::GetWeekday(last) == absl::Weekday::sunday
                                    ? last
                                    : absl::PrevWeekday(last, absl::Weekday::sunday);
  return absl::FromCivil(absl::CivilHour(sunday) + 1, absl::UTCTimeZone());
}

bool isSummer(absl::Time time) {
  const absl::CivilYear year = absl::ToCivilYear(time, absl::UTCTimeZone());
  return time >= clockChange(year, 3) && time < clockChange(year, 10);
}

// London's civil time, represented as UTC.
absl::Time asUtcOf(absl::Time time) { return time + absl::Hours(isSummer(time) ? 1 : 0); }

TimeInfo ruleAt(absl::CivilSecond civil) {
  const absl::Time winter = absl::FromCivil(civil, absl::UTCTimeZone());
  const absl::Time summer = winter - absl::Hours(1);
  const bool isWinterTime = !isSummer(winter);
  const bool isSummerTime = isSummer(summer);
  if (isWinterTime && isSummerTime)
    return {TimeInfo::REPEATED, summer, winter, winter};
  if (!isWinterTime && !isSummerTime)
    return {TimeInfo::SKIPPED, winter, winter, summer};
  const absl::Time only = isWinterTime ? winter : summer;
  return {TimeInfo::UNIQUE, only, only, only};
}

TimeInfo londonAt(absl::CivilSecond civil) {
  return london() ? london()->At(civil) : ruleAt(civil);
}

std::string formatLondon(const char* format, std::int64_t unixMs) {
  const auto time = absl::FromUnixMillis(std::clamp(unixMs, kFirstUnixMs, kLastUnixMs));
  return london() ? absl::FormatTime(format, time, *london())
                  : absl::FormatTime(format, asUtcOf(time), absl::UTCTimeZone());
}

absl::CivilDay dayOf(std::int64_t unixMs) {
  const auto time = absl::FromUnixMillis(std::clamp(unixMs, kFirstUnixMs, kLastUnixMs));
  return london() ? absl::ToCivilDay(time, *london())
                  : absl::ToCivilDay(asUtcOf(time), absl::UTCTimeZone());
}

std::int64_t beginOf(absl::CivilDay day) {
  return absl::ToUnixMillis(londonAt(absl::CivilSecond(day)).pre);
}

DayBounds boundsOf(absl::CivilDay day) { return {beginOf(day), beginOf(day + 1)}; }

Error timeFormat() {
  return {ErrorCode::InvalidArgument, "TIME_FORMAT", "a time is written 2026-11-23T08:30:00"};
}

// Accepts only digits: strptime and similar functions accept blanks, signs and short fields.
bool readNumber(std::string_view text, std::size_t at, std::size_t digits, int& value) {
  value = 0;
  if (at + digits > text.size())
    return false;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9')
      return false;
    value = value * 10 + (text[i] - '0');
  }
  return true;
}

bool readDay(std::string_view text, absl::CivilDay& day) {
  int year = 0;
  int month = 0;
  int dayOfMonth = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !readNumber(text, 0, 4, year) ||
      !readNumber(text, 5, 2, month) || !readNumber(text, 8, 2, dayOfMonth))
    return false;
  day = absl::CivilDay(year, month, dayOfMonth);
  return year >= 1970 && day.year() == year && day.month() == month && day.day() == dayOfMonth;
}

}  // namespace

Result<std::int64_t> londonToUnixMs(std::string_view text) {
  absl::CivilDay day;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (text.size() != 16 && text.size() != 19)
    return timeFormat();
  if (!readDay(text.substr(0, 10), day) || text[10] != 'T' || text[13] != ':' ||
      !readNumber(text, 11, 2, hour) || !readNumber(text, 14, 2, minute) || hour > 23 ||
      minute > 59)
    return timeFormat();
  if (text.size() == 19 && (text[16] != ':' || !readNumber(text, 17, 2, second) || second > 59))
    return timeFormat();
  const absl::CivilSecond civil(day.year(), day.month(), day.day(), hour, minute, second);
  const TimeInfo found = londonAt(civil);
  if (found.kind == TimeInfo::SKIPPED)
    return Error{ErrorCode::InvalidArgument, "TIME_SKIPPED", "the clocks skip this time in spring"};
  return absl::ToUnixMillis(found.pre);
}

std::string unixMsToLondon(std::int64_t unixMs) {
  return formatLondon(unixMs % 1000 == 0 ? "%E4Y-%m-%dT%H:%M:%S" : "%E4Y-%m-%dT%H:%M:%E3S", unixMs);
}

std::string londonDay(std::int64_t unixMs) { return formatLondon("%E4Y-%m-%d", unixMs); }

Result<DayBounds> londonDayBounds(std::string_view text) {
  absl::CivilDay day;
  if (!readDay(text, day))
    return Error{ErrorCode::InvalidArgument, "DAY_FORMAT", "a day is written 2026-11-23"};
  return boundsOf(day);
}

DayBounds londonDayAround(std::int64_t unixMs, int daysAfter) {
  return boundsOf(dayOf(unixMs) + daysAfter);
}

std::int64_t londonDayNumber(std::int64_t unixMs) { return dayOf(unixMs) - kDayZero; }

std::int64_t londonDayBeginUnixMs(std::int64_t dayNumber) {
  constexpr absl::CivilDay kFirst(1, 1, 1);
  constexpr absl::CivilDay kLast(9999, 12, 31);
  return beginOf(kDayZero + std::clamp(dayNumber, kFirst - kDayZero, kLast - kDayZero));
}

bool hasTimeZoneData() { return london().has_value(); }

std::string unixMsToUtc(std::int64_t unixMs) {
  return absl::FormatTime("%E4Y-%m-%dT%H:%M:%E3SZ",
                          absl::FromUnixMillis(std::clamp(unixMs, kFirstUnixMs, kLastUnixMs)),
                          absl::UTCTimeZone());
}

}  // namespace doorstep
