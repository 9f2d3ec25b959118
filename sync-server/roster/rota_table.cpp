// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "shared/core/local_time.h"
#include "sync-server/roster/limits.h"

namespace doorstep::roster {
namespace {

// Unix ms of 2100-01-01: the pull cursor counts days in 16 bits, and nobody plans for then.
constexpr std::int64_t kTimeMax = 4'102'444'800'000;

const char* unreadableText(std::string_view reason) {
  if (reason == "QUOTE_OPEN")
    return "A quotation mark is opened and not closed. Close it, or write \"\" for one quotation "
           "mark.";
  if (reason == "QUOTE_MISPLACED")
    return "A quotation mark stands inside a value. Put the whole value in quotation marks and "
           "double it.";
  if (reason == "NUL_BYTE")
    return "The line holds a zero byte. Save the file as text in UTF-8.";
  if (reason == "TOO_MANY_COLUMNS")
    return "The line has more than 64 columns.";
  return "The line is longer than 65,536 bytes.";
}

}  // namespace

RotaTable::RotaTable(std::string file, std::istream& input, std::span<const ColumnSpec> columns,
                     std::size_t rowsMax, FaultList& faults)
    : file_(std::move(file)),
      reader_(input),
      columns_(columns.begin(), columns.end()),
      rowsMax_(rowsMax),
      faults_(faults),
      place_(columns.size()) {
  readHeader();
}

void RotaTable::faultAt(std::uint64_t line, std::string column, const char* reason,
                        std::string text) {
  rowOk_ = false;
  faults_.add({file_, line, std::move(column), reason, std::move(text)});
}

void RotaTable::fault(std::size_t column, const char* reason, std::string text) {
  faultAt(line(), columns_[column].name, reason, std::move(text));
}

void RotaTable::unreadable() {
  faultAt(line(), "", reader_.reason(), unreadableText(reader_.reason()));
}

void RotaTable::readHeader() {
  const auto next = reader_.next();
  if (next == CsvReader::Next::End)
    return faultAt(1, "", "FILE_EMPTY", "The file is empty. Its first line must name the columns.");
  if (next == CsvReader::Next::Fault)
    return unreadable();
  header_ = reader_.fields();
  usable_ = true;
  for (const std::string& name : header_) {
    if (isUtf8(name))
      continue;
    usable_ = false;
    faultAt(
        line(), "", "NOT_UTF8",
        fmt::format("The column name {} is not UTF-8. Save the file in UTF-8.", quoteValue(name)));
  }
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const std::string name = columns_[column].name;
    const auto count = std::count(header_.begin(), header_.end(), name);
    if (count == 0 && columns_[column].required) {
      usable_ = false;
      faultAt(line(), name, "COLUMN_MISSING",
              fmt::format("Add the column {} to the first line.", name));
    } else if (count > 1) {
      usable_ = false;
      faultAt(line(), name, "COLUMN_TWICE",
              fmt::format("The first line names {} more than once.", name));
    } else if (count == 1) {
      place_[column] = static_cast<std::size_t>(std::find(header_.begin(), header_.end(), name) -
                                                header_.begin());
    }
  }
}

bool RotaTable::checkFields() {
  const auto& fields = reader_.fields();
  if (fields.size() != header_.size()) {
    complete_ = false;
    faultAt(line(), "", "COLUMN_COUNT",
            fmt::format("The line has {} values and the first line names {} columns.",
                        fields.size(), header_.size()));
    return false;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!isUtf8(fields[i]))
      faultAt(line(), header_[i], "NOT_UTF8",
              fmt::format("{} is not UTF-8. Save the file in UTF-8.", quoteValue(fields[i])));
  }
  return true;
}

bool RotaTable::nextRow() {
  while (usable_) {
    rowOk_ = true;
    const auto next = reader_.next();
    if (next == CsvReader::Next::End)
      return false;
    if (next == CsvReader::Next::Fault) {
      complete_ = false;
      unreadable();
      continue;
    }
    if (++rows_ > rowsMax_) {
      usable_ = false;
      faultAt(line(), "", "TOO_MANY_ROWS",
              fmt::format("The file has more than {} rows. Split the rota by days.", rowsMax_));
      return false;
    }
    if (checkFields())
      return true;
  }
  return false;
}

const std::string& RotaTable::raw(std::size_t column) const {
  static const std::string kAbsent;
  return place_[column] ? reader_.fields()[*place_[column]] : kAbsent;
}

std::string RotaTable::text(std::size_t column, std::size_t bytesMax, bool required,
                            bool linesAllowed) {
  const std::string& value = raw(column);
  if (required && value.empty())
    fault(column, "EMPTY", "A value is needed here.");
  else if (value.size() > bytesMax)
    fault(column, "TOO_LONG",
          fmt::format("{} is longer than {} bytes.", quoteValue(value), bytesMax));
  else if (hasControlBytes(value, linesAllowed))
    fault(column, "CONTROL_BYTES",
          fmt::format("{} holds control characters. Remove them.", quoteValue(value)));
  return value;
}

std::optional<std::uint32_t> RotaTable::number(std::size_t column, std::uint32_t low,
                                               std::uint32_t high) {
  const std::string& value = raw(column);
  if (value.empty()) {
    if (columns_[column].required)
      fault(column, "EMPTY", "A number is needed here.");
    return std::nullopt;
  }
  std::uint32_t parsed = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (end != value.data() + value.size() || error == std::errc::invalid_argument) {
    fault(column, "NOT_A_NUMBER", fmt::format("{} is not a whole number.", quoteValue(value)));
    return std::nullopt;
  }
  if (error != std::errc() || parsed < low || parsed > high) {
    fault(column, "OUT_OF_RANGE",
          fmt::format("{} is not from {} to {}.", quoteValue(value), low, high));
    return std::nullopt;
  }
  return parsed;
}

std::optional<double> RotaTable::degrees(std::size_t column, double limit) {
  const std::string& value = raw(column);
  if (value.empty())
    return std::nullopt;
  double parsed = 0;
  const auto [end, error] =
      std::from_chars(value.data(), value.data() + value.size(), parsed, std::chars_format::fixed);
  if (end != value.data() + value.size() || error != std::errc() || !std::isfinite(parsed)) {
    fault(column, "NOT_A_NUMBER",
          fmt::format("{} is not decimal degrees, such as 52.6369.", quoteValue(value)));
    return std::nullopt;
  }
  if (std::abs(parsed) > limit) {
    fault(column, "OUT_OF_RANGE",
          fmt::format("{} is not from -{} to {}.", quoteValue(value), limit, limit));
    return std::nullopt;
  }
  return parsed;
}

std::optional<std::int64_t> RotaTable::time(std::size_t column) {
  const std::string& value = raw(column);
  if (value.empty()) {
    if (columns_[column].required)
      fault(column, "EMPTY", "A time is needed here, such as 2026-11-23T08:30:00.");
    return std::nullopt;
  }
  const auto parsed = londonToUnixMs(value);
  if (parsed.ok() && *parsed >= 0 && *parsed < kTimeMax)
    return *parsed;
  if (parsed.ok())
    fault(column, "OUT_OF_RANGE", fmt::format("{} is not from 1970 to 2099.", quoteValue(value)));
  else if (parsed.error().reason == "TIME_SKIPPED")
    fault(
        column, "TIME_SKIPPED",
        fmt::format("{} does not exist: the clocks go forward over it. Use a time before or after.",
                    quoteValue(value)));
  else
    fault(column, "TIME_FORMAT",
          fmt::format("{} is not a time. Write it as 2026-11-23T08:30:00.", quoteValue(value)));
  return std::nullopt;
}

bool RotaTable::yesNo(std::size_t column) {
  const std::string& value = raw(column);
  if (value == "yes" || value == "true" || value == "1")
    return true;
  if (!value.empty() && value != "no" && value != "false" && value != "0")
    fault(column, "NOT_YES_OR_NO", fmt::format("{} is neither yes nor no.", quoteValue(value)));
  return false;
}

}  // namespace doorstep::roster
