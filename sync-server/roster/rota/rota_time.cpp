// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/rota_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/roster/rota/rota_fault.h"

namespace doorstep::roster {
namespace {

// Unix ms of 2100-01-01. Nobody plans later, and the pull cursor has 16 bits for a day.
constexpr std::int64_t kTimeMax = 4'102'444'800'000;
// No time zone is further from UTC.
constexpr int kOffsetHoursMax = 14;

constexpr const char* kWriteIt = "Write it as 2026-11-23T08:30:00.";

struct Civil {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::optional<int> offsetMin;
};

bool isDigit(char byte) { return byte >= '0' && byte <= '9'; }

// Consumes parts of a text from its front.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool number(std::size_t digitsMin, std::size_t digitsMax, int& value) {
    std::size_t digits = 0;
    value = 0;
    while (digits < rest_.size() && digits <= digitsMax && isDigit(rest_[digits]))
      value = value * 10 + (rest_[digits++] - '0');
    if (digits < digitsMin || digits > digitsMax)
      return false;
    rest_.remove_prefix(digits);
    return true;
  }
  // Consumes one of the characters and returns it; returns 0 if the next one is none of them.
  char oneOf(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos)
      return '\0';
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }
  bool blanks() {
    const std::size_t count = std::min(rest_.find_first_not_of(' '), rest_.size());
    rest_.remove_prefix(count);
    return count > 0;
  }
  void digits() {
    while (!rest_.empty() && isDigit(rest_.front()))
      rest_.remove_prefix(1);
  }
  bool atEnd() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

Error fault(const char* reason, std::string_view value, std::string_view text) {
  return {ErrorCode::InvalidArgument, reason, fmt::format("{} {}", quoteValue(value), text)};
}

// Year first with "-" or "/"; otherwise day first, with dots, or if the day cannot be a month.
Status readDate(Scanner& scanner, std::string_view value, Civil& civil) {
  Scanner yearFirst = scanner;
  if (yearFirst.number(4, 4, civil.year)) {
    const char separator = yearFirst.oneOf("-/");
    if (!separator || !yearFirst.number(1, 2, civil.month) || yearFirst.oneOf("-/") != separator ||
        !yearFirst.number(1, 2, civil.day))
      return fault("TIME_FORMAT", value, fmt::format("is not a time. {}", kWriteIt));
    scanner = yearFirst;
    return kDone;
  }
  if (!scanner.number(1, 2, civil.day))
    return fault("TIME_FORMAT", value, fmt::format("is not a time. {}", kWriteIt));
  const char separator = scanner.oneOf("-/.:");
  if (separator == ':')
    return fault("TIME_FORMAT", value, fmt::format("has no day. {}", kWriteIt));
  if (!separator || !scanner.number(1, 2, civil.month) || scanner.oneOf("-/.") != separator)
    return fault("TIME_FORMAT", value, fmt::format("is not a time. {}", kWriteIt));
  Scanner year = scanner;
  if (!scanner.number(4, 4, civil.year)) {
    if (year.number(1, 2, civil.year))
      return fault("DATE_AMBIGUOUS", value, fmt::format("has a year of two digits. {}", kWriteIt));
    return fault("TIME_FORMAT", value, fmt::format("is not a time. {}", kWriteIt));
  }
  if (separator == '.' || civil.day > 12 || civil.day == civil.month)
    return kDone;
  return fault("DATE_AMBIGUOUS", value,
               fmt::format("may have its day or its month first. {}", kWriteIt));
}

bool readHalf(Scanner& scanner, Civil& civil) {
  Scanner ahead = scanner;
  ahead.blanks();
  const char half = ahead.oneOf("aApP");
  if (!half)
    return true;
  if (!ahead.oneOf("mM") || civil.hour < 1 || civil.hour > 12)
    return false;
  civil.hour = civil.hour % 12 + (half == 'p' || half == 'P' ? 12 : 0);
  scanner = ahead;
  return true;
}

bool readOffset(Scanner& scanner, Civil& civil) {
  scanner.blanks();
  if (scanner.oneOf("zZ")) {
    civil.offsetMin = 0;
    return scanner.atEnd();
  }
  const char sign = scanner.oneOf("+-");
  if (!sign)
    return scanner.atEnd();
  int hours = 0;
  int minutes = 0;
  if (!scanner.number(2, 2, hours)) {
    int both = 0;
    if (!scanner.number(4, 4, both))
      return false;
    hours = both / 100;
    minutes = both % 100;
  } else if (scanner.oneOf(":") && !scanner.number(2, 2, minutes)) {
    return false;
  }
  if (!scanner.atEnd() || minutes > 59 || hours * 60 + minutes > kOffsetHoursMax * 60)
    return false;
  civil.offsetMin = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
  return true;
}

bool readClock(Scanner& scanner, Civil& civil) {
  if (!scanner.number(1, 2, civil.hour) || !scanner.oneOf(":") ||
      !scanner.number(2, 2, civil.minute))
    return false;
  if (scanner.oneOf(":")) {
    if (!scanner.number(2, 2, civil.second))
      return false;
    if (scanner.oneOf("."))
      scanner.digits();
  }
  return readHalf(scanner, civil) && readOffset(scanner, civil) && civil.hour < 24 &&
         civil.minute < 60 && civil.second < 60;
}

// "46229.3333": days since 1900 or, in some spreadsheets, since 1904.
bool looksLikeSpreadsheetNumber(std::string_view text) {
  const std::size_t whole = std::min(text.find_first_not_of("0123456789"), text.size());
  if (whole == text.size())
    return whole == 5;
  if (text[whole] != '.' && text[whole] != ',')
    return false;
  const std::string_view fraction = text.substr(whole + 1);
  return whole <= 5 && fraction.find_first_not_of("0123456789") == std::string_view::npos;
}

bool isDate(const Civil& civil) {
  const std::chrono::year_month_day date{std::chrono::year(civil.year),
                                         std::chrono::month(static_cast<unsigned>(civil.month)),
                                         std::chrono::day(static_cast<unsigned>(civil.day))};
  return date.ok() && civil.year >= 1970;
}

Result<RotaTime> momentOf(const Civil& civil, std::string_view value) {
  const std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", civil.year, civil.month, civil.day,
                  civil.hour, civil.minute, civil.second);
  if (civil.offsetMin) {
    const std::chrono::sys_days day{std::chrono::year(civil.year) /
                                    std::chrono::month(static_cast<unsigned>(civil.month)) /
                                    std::chrono::day(static_cast<unsigned>(civil.day))};
    const std::int64_t seconds = std::int64_t{day.time_since_epoch().count()} * 86'400 +
                                 civil.hour * 3600 + civil.minute * 60 + civil.second;
    RotaTime time{seconds * 1000 - *civil.offsetMin * kMinuteMs, std::nullopt, false};
    time.otherOffset = unixMsToLondon(time.unixMs) != text;
    return time;
  }
  const auto first = londonToUnixMs(text);
  if (!first.ok() && first.error().reason == "TIME_SKIPPED")
    return fault("TIME_SKIPPED", value,
                 "does not exist: the clocks go forward over it. Use a time before or after.");
  if (!first.ok())
    return fault("TIME_FORMAT", value, fmt::format("is not a time. {}", kWriteIt));
  RotaTime time{*first, std::nullopt, false};
  if (unixMsToLondon(*first + kHourMs) == text)
    time.secondUnixMs = *first + kHourMs;
  return time;
}

}  // namespace

Result<RotaTime> readRotaTime(std::string_view text) {
  if (looksLikeSpreadsheetNumber(text))
    return fault("SPREADSHEET_NUMBER", text,
                 "is a spreadsheet's number for a time. Format the column as text or as "
                 "yyyy-mm-dd\"T\"hh:mm and save again.");
  Civil civil;
  Scanner scanner(text);
  DOORSTEP_TRY(readDate(scanner, text, civil));
  if (scanner.atEnd())
    return fault("TIME_FORMAT", text, fmt::format("has a day and no time. {}", kWriteIt));
  if (!isDate(civil) || !(scanner.oneOf("Tt") || scanner.blanks()) || !readClock(scanner, civil))
    return fault("TIME_FORMAT", text, fmt::format("is not a time. {}", kWriteIt));
  DOORSTEP_ASSIGN(const RotaTime time, momentOf(civil, text));
  if (time.unixMs < 0 || time.secondUnixMs.value_or(time.unixMs) >= kTimeMax)
    return fault("OUT_OF_RANGE", text, "is not from 1970 to 2099.");
  return time;
}

std::string offsetExample(std::int64_t unixMs) {
  return fmt::format("{}+01:00 or +00:00", unixMsToLondon(unixMs).substr(0, 16));
}

}  // namespace doorstep::roster
