// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync-server/records/files/export_columns.h"

namespace doorstep::records {

// One field of a CSV file, quoted where RFC 4180 requires it. For text written by people use
// csvText: what a spreadsheet would run as a formula gets a leading apostrophe, characters that
// turn or hide text are replaced. Pure. Thread: any.
std::string csvField(std::string_view value);
// Text as the file has it, before it is quoted: other files name things by it.
std::string guardedText(std::string_view value);
std::string csvText(std::string_view value);

// A row of an exported table, its fields added one after another in the order of the columns and
// each of the column's type, which is checked (DOORSTEP_CHECK). Written as CSV and as JSON Lines,
// which say the same: what is empty in the one has no key in the other. Thread: one.
class ExportRow {
 public:
  explicit ExportRow(std::span<const ExportColumn> columns) : columns_(columns) {
    fields_.reserve(columns.size());
  }

  void text(std::string_view value) { add(FieldType::Text, std::string(value)); }
  void code(std::string_view value) { add(FieldType::Code, std::string(value)); }
  void number(std::int64_t value) { add(FieldType::Whole, std::to_string(value)); }
  // Written with three decimals. minutesMs: milliseconds of what the column has in minutes.
  void minutes(std::int64_t minutesMs);
  void flag(bool value) { add(FieldType::Flag, value ? "true" : "false"); }
  // Unix ms. Of an absent time an empty field.
  void utc(std::optional<std::int64_t> unixMs);
  void day(std::string_view value) { add(FieldType::Day, std::string(value)); }
  // Of any type.
  void empty(std::size_t count) { fields_.resize(fields_.size() + count); }

  std::size_t size() const { return fields_.size(); }
  // With CR LF. All columns must have been added.
  std::string csv() const;
  // An object with LF; numbers as numbers, flags as truth values, everything else as text, which is
  // guarded against nothing but characters that turn or hide it.
  std::string json() const;

 private:
  void add(FieldType type, std::string value);

  std::span<const ExportColumn> columns_;
  std::vector<std::string> fields_;  // empty: absent
};

// The first line of a CSV file, with the byte order mark without which spreadsheets read UTF-8 in
// the local code page.
std::string csvHeaderOf(std::span<const ExportColumn> columns);

}  // namespace doorstep::records
