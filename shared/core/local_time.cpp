// SPDX-License-Identifier: Apache-2.0
#include "shared/core/local_time.h"

#include <absl/time/time.h>

#include "shared/core/check.h"

namespace doorstep {
namespace {

const absl::TimeZone& london() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone loaded;
    DOORSTEP_CHECK(absl::LoadTimeZone("Europe/London", &loaded));  // package tzdata
    return loaded;
  }();
  return zone;
}

Error timeFormat() {
  return {ErrorCode::InvalidArgument, "TIME_FORMAT", "a time is written 2026-11-23T08:30:00"};
}

// Reads digits only: strptime and its relatives take blanks, signs and short fields.
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
  const absl::TimeZone::TimeInfo found = london().At(civil);
  if (found.kind == absl::TimeZone::TimeInfo::SKIPPED)
    return Error{ErrorCode::InvalidArgument, "TIME_SKIPPED", "the clocks skip this time in spring"};
  return absl::ToUnixMillis(found.pre);
}

std::string unixMsToLondon(std::int64_t unixMs) {
  const char* format = unixMs % 1000 == 0 ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%dT%H:%M:%E3S";
  return absl::FormatTime(format, absl::FromUnixMillis(unixMs), london());
}

std::string londonDay(std::int64_t unixMs) {
  return absl::FormatTime("%Y-%m-%d", absl::FromUnixMillis(unixMs), london());
}

Result<DayBounds> londonDayBounds(std::string_view text) {
  absl::CivilDay day;
  if (!readDay(text, day))
    return Error{ErrorCode::InvalidArgument, "DAY_FORMAT", "a day is written 2026-11-23"};
  return DayBounds{absl::ToUnixMillis(absl::FromCivil(day, london())),
                   absl::ToUnixMillis(absl::FromCivil(day + 1, london()))};
}

std::string unixMsToUtc(std::int64_t unixMs) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(unixMs),
                          absl::UTCTimeZone());
}

}  // namespace doorstep
