// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/files/export_row.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "shared/core/check.h"
#include "shared/core/display_text.h"
#include "shared/core/local_time.h"
#include "shared/visits/measure_files/json_text.h"

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

void ExportRow::add(FieldType type, std::string value) {
  DOORSTEP_CHECK(fields_.size() < columns_.size() && columns_[fields_.size()].type == type);
  fields_.push_back(std::move(value));
}

void ExportRow::minutes(std::int64_t minutesMs) {
  constexpr double kMinuteMs = 60'000;
  add(FieldType::Decimal, fmt::format("{:.3f}", static_cast<double>(minutesMs) / kMinuteMs));
}

void ExportRow::utc(std::optional<std::int64_t> unixMs) {
  add(FieldType::Time, unixMs ? unixMsToUtc(*unixMs) : std::string());
}

std::string ExportRow::csv() const {
  DOORSTEP_CHECK(fields_.size() == columns_.size());
  std::string line;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (i != 0)
      line += ',';
    line += columns_[i].type == FieldType::Text ? csvText(fields_[i]) : csvField(fields_[i]);
  }
  return line + "\r\n";
}

std::string ExportRow::json() const {
  DOORSTEP_CHECK(fields_.size() == columns_.size());
  std::string line = "{";
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].empty())
      continue;
    if (line.size() > 1)
      line += ',';
    measure_files::appendJsonText(line, columns_[i].name);
    line += ':';
    const FieldType type = columns_[i].type;
    if (type == FieldType::Text)
      measure_files::appendJsonText(line, shownText(fields_[i], TextKind::Lines));
    else if (type == FieldType::Whole || type == FieldType::Decimal || type == FieldType::Flag)
      line += fields_[i];
    else
      measure_files::appendJsonText(line, fields_[i]);
  }
  return line + "}\n";
}

std::string csvHeaderOf(std::span<const ExportColumn> columns) {
  std::string line = "\xEF\xBB\xBF";
  for (const ExportColumn& column : columns)
    line += fmt::format("{}{}", &column == columns.data() ? "" : ",", column.name);
  return line + "\r\n";
}

}  // namespace doorstep::records
