// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/csv_line.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "shared/core/display_text.h"
#include "shared/core/local_time.h"

namespace doorstep::records {

std::string csvField(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos)
    return std::string(value);
  std::string quoted = "\"";
  for (const char character : value) {
    if (character == '"')
      quoted += '"';
    quoted += character;
  }
  return quoted + '"';
}

std::string guardedText(std::string_view value) {
  // New input with control or invisible characters is refused; in older data they are replaced
  // here.
  const std::string shown = shownText(value, TextKind::Lines);
  // Including fullwidth forms, and after blanks and other characters that spreadsheets skip.
  constexpr std::uint32_t kFormulaSigns[] = {'=',  '+',    '-',    '@',    '\t',
                                             '\r', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
  const auto begins = [&](std::string_view text) {
    return !text.empty() && std::find(std::begin(kFormulaSigns), std::end(kFormulaSigns),
                                      firstCharacter(text).codePoint) != std::end(kFormulaSigns);
  };
  const bool formula = begins(shown) || begins(withPlainBlanks(shown));
  return formula ? "'" + shown : shown;
}

std::string csvText(std::string_view value) { return csvField(guardedText(value)); }

void CsvLine::utc(std::optional<std::int64_t> unixMs) {
  fields_.push_back(unixMs ? unixMsToUtc(*unixMs) : std::string());
}

std::string CsvLine::finish() const { return fmt::format("{}\r\n", fmt::join(fields_, ",")); }

}  // namespace doorstep::records
