// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/rota_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "shared/core/local_time.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/rota/rota_time.h"
#include "sync-server/roster/rota/spreadsheet_words.h"
#include "sync-server/text/normal_form.h"

namespace doorstep::roster {
namespace {

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

const char* flawText(TextFlaw flaw) {
  switch (flaw) {
    case TextFlaw::None:
    case TextFlaw::NotUtf8:  // reported for the whole row
      return "";
    case TextFlaw::Control:
      return "holds control characters. Remove them.";
    case TextFlaw::Direction:
      return "holds characters that turn the direction of writing. Type it anew.";
    case TextFlaw::Invisible:
      return "holds characters that cannot be seen. Type it anew.";
  }
  return "";
}

// CONTROL_BYTES is the reason of the first release; programs may depend on it.
const char* flawReason(TextFlaw flaw) {
  return flaw == TextFlaw::Control ? "CONTROL_BYTES" : reasonOf(flaw);
}

// Fast path: printable ASCII without leading or trailing blanks needs no cleaning.
bool isClean(const std::string& value) {
  return value.empty() || (value.front() != ' ' && value.back() != ' ' &&
                           std::all_of(value.begin(), value.end(),
                                       [](char byte) { return byte >= 0x20 && byte < 0x7F; }));
}

}  // namespace

RotaTable::RotaTable(std::string file, std::istream& input, std::span<const ColumnSpec> columns,
                     std::size_t rowsMax, FaultList& faults, FaultList& notes)
    : file_(std::move(file)),
      reader_(input),
      columns_(columns.begin(), columns.end()),
      rowsMax_(rowsMax),
      faults_(faults),
      place_(columns.size()),
      notes_(notes),
      cells_(columns.size()) {
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

void RotaTable::note(std::size_t column, const char* reason, std::string text) {
  notes_.add({file_, line(), columns_[column].name, reason, std::move(text)});
}

void RotaTable::unreadable() {
  faultAt(line(), "", reader_.reason(), unreadableText(reader_.reason()));
}

bool RotaTable::checkKind() {
  const char* kind = kindOfFile(reader_.input().firstBytes());
  if (!kind)
    return true;
  faultAt(
      1, "", "NOT_CSV",
      fmt::format("The file is {}. Save it as CSV (in a spreadsheet: Save as, CSV UTF-8).", kind));
  return false;
}

void RotaTable::readHeader() {
  if (!checkKind())
    return;
  auto next = reader_.next();
  while (next == CsvReader::Next::Row &&
         std::all_of(reader_.fields().begin(), reader_.fields().end(), isBlankText))
    next = reader_.next();
  if (next == CsvReader::Next::End)
    return faultAt(1, "", "FILE_EMPTY", "The file is empty. Its first line must name the columns.");
  if (next == CsvReader::Next::Fault)
    return unreadable();
  usable_ = true;
  for (const std::string& name : reader_.fields()) {
    header_.push_back(columnName(name));
    if (isUtf8(name))
      continue;
    usable_ = false;
    faultAt(
        line(), "", "NOT_UTF8",
        fmt::format("The column name {} is not UTF-8. Save the file in UTF-8.", quoteValue(name)));
  }
  placeColumns();
  if (usable_)
    noteForm();
}

void RotaTable::placeColumns() {
  const auto isKnown = [&](const std::string& name) {
    return std::any_of(columns_.begin(), columns_.end(),
                       [&](const ColumnSpec& column) { return column.name == name; });
  };
  const char* hint = std::any_of(header_.begin(), header_.end(), isKnown)
                         ? ""
                         : " It seems to name no column at all.";
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const std::string name = columns_[column].name;
    const auto count = std::count(header_.begin(), header_.end(), name);
    if (count == 0 && columns_[column].required) {
      usable_ = false;
      faultAt(line(), name, "COLUMN_MISSING",
              fmt::format("Add the column {} to the first line.{}", name, hint));
    } else if (count > 1) {
      usable_ = false;
      faultAt(line(), name, "COLUMN_TWICE",
              fmt::format("The first line names {} more than once.", name));
    } else if (count == 1) {
      place_[column] = static_cast<std::size_t>(std::find(header_.begin(), header_.end(), name) -
                                                header_.begin());
    }
  }
  for (const std::string& name : header_)
    if (usable_ && !name.empty() && !isKnown(name))
      notes_.add({file_, line(), "", "COLUMN_NOT_READ",
                  fmt::format("The column {} is not read.", quoteValue(name))});
}

// Notes where the form of the file (separator, encoding) is not the documented one.
void RotaTable::noteForm() {
  if (const char* name = separatorName(reader_.separator()))
    notes_.add({file_, 1, "", "SEPARATOR",
                fmt::format("The file is separated by {} and was read so.", name)});
  if (reader_.input().encoding() != CsvInput::Encoding::Bytes)
    notes_.add({file_, 1, "", "UTF_16", "The file is in UTF-16 and was read so."});
}

bool RotaTable::fitShortRow(std::size_t given) {
  if (!reader_.rowEndsWithLine()) {
    faultAt(line(), "", "FILE_CUT",
            fmt::format("The file ends in the middle of this line, after {} of {} values. Save or "
                        "send it again.",
                        given, header_.size()));
    return false;
  }
  const bool fits = std::none_of(columns_.begin(), columns_.end(), [&](const ColumnSpec& column) {
    const auto& place = place_[static_cast<std::size_t>(&column - columns_.data())];
    return column.required && !column.emptyAllowed && place && *place >= given;
  });
  if (fits)
    return true;
  const char* other =
      given == 1 ? separatorName(separatorOf(reader_.fields()[0], reader_.separator())) : nullptr;
  faultAt(line(), "", "COLUMN_COUNT",
          other ? fmt::format("The line is separated by {} and the first line is not.", other)
                : fmt::format("The line has {} values and the first line names {} columns.", given,
                              header_.size()));
  return false;
}

bool RotaTable::fitFields() {
  const auto& fields = reader_.fields();
  std::size_t given = fields.size();
  while (given > header_.size() && isBlankText(fields[given - 1]))
    --given;
  if (given <= header_.size())
    return given == header_.size() || fitShortRow(given);
  faultAt(line(), "", "COLUMN_COUNT",
          fmt::format("The line has {} values and the first line names {} columns. A value that "
                      "holds a {} needs quotation marks.",
                      given, header_.size(), singleSeparatorName(reader_.separator())));
  return false;
}

void RotaTable::cleanFields() {
  const auto& fields = reader_.fields();
  for (std::size_t i = 0; i < fields.size() && i < header_.size(); ++i) {
    if (!isUtf8(fields[i]))
      faultAt(line(), header_[i], "NOT_UTF8",
              fmt::format("{} is not UTF-8. Save the file in UTF-8 (in a spreadsheet: Save as, CSV "
                          "UTF-8).",
                          quoteValue(fields[i])));
  }
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const auto& place = place_[column];
    const std::string& value = place && *place < fields.size() ? fields[*place] : std::string();
    cells_[column] = isClean(value) ? value : text::toNfc(withPlainBlanks(value));
    if (isSpreadsheetError(cells_[column]))
      fault(column, "SPREADSHEET_ERROR",
            fmt::format("{} is a spreadsheet's error, not a value. Mend its formula, or widen the "
                        "column, and save again.",
                        quoteValue(cells_[column])));
  }
}

// A second header row: two exports were concatenated.
bool RotaTable::repeatsHeader() const {
  const auto& fields = reader_.fields();
  return fields.size() == header_.size() && columnName(fields.front()) == header_.front() &&
         std::equal(fields.begin(), fields.end(), header_.begin(),
                    [](const auto& field, const auto& name) { return columnName(field) == name; });
}

void RotaTable::finish() {
  if (usable() && rows_ > 0 && !reader_.rowEndsWithLine())
    notes_.add({file_, line(), "", "LAST_LINE_OPEN",
                "The file does not end with a line end. Check that its last line is whole."});
}

bool RotaTable::nextRow() {
  while (usable_) {
    rowOk_ = true;
    const auto next = reader_.next();
    if (next == CsvReader::Next::End)
      return false;
    if (next == CsvReader::Next::Fault) {
      if (reader_.rowIsEmpty())
        continue;
      complete_ = false;
      unreadable();
      continue;
    }
    if (std::all_of(reader_.fields().begin(), reader_.fields().end(), isBlankText) ||
        repeatsHeader())
      continue;
    if (++rows_ > rowsMax_) {
      usable_ = false;
      faultAt(line(), "", "TOO_MANY_ROWS",
              fmt::format("The file has more than {} rows. Split the rota by days.", rowsMax_));
      return false;
    }
    if (!fitFields()) {
      complete_ = false;
      continue;
    }
    cleanFields();
    return true;
  }
  return false;
}

bool RotaTable::checkText(std::size_t column, TextKind kind) {
  const TextFlaw flaw = textFlaw(raw(column), kind);
  if (flaw != TextFlaw::None && flaw != TextFlaw::NotUtf8)
    fault(column, flawReason(flaw), fmt::format("{} {}", quoteValue(raw(column)), flawText(flaw)));
  return flaw == TextFlaw::None;
}

std::string RotaTable::ref(std::size_t column, bool required) {
  const std::string& value = raw(column);
  if (required && value.empty())
    fault(column, "EMPTY", "A value is needed here.");
  else if (value.size() > kRefBytesMax)
    fault(column, "TOO_LONG",
          fmt::format("{} is longer than {} bytes.", quoteValue(value), kRefBytesMax));
  else if (isScientific(value))
    fault(column, "SPREADSHEET_NUMBER",
          fmt::format("{} is what a spreadsheet makes of a long number. Format the column as text "
                      "and enter it anew.",
                      quoteValue(value)));
  else
    checkText(column, TextKind::Ref);
  return value;
}

std::string RotaTable::text(std::size_t column, std::size_t bytesMax, bool required,
                            bool linesAllowed) {
  const std::string& value = raw(column);
  if (required && isBlankText(value))
    fault(column, "EMPTY", "A value is needed here.");
  else if (value.size() > bytesMax)
    fault(column, "TOO_LONG",
          fmt::format("{} is longer than {} bytes.", quoteValue(value), bytesMax));
  else
    checkText(column, linesAllowed ? TextKind::Lines : TextKind::Line);
  return value;
}

std::optional<std::uint32_t> RotaTable::number(std::size_t column, std::uint32_t low,
                                               std::uint32_t high) {
  const std::string value = withoutZeroFraction(raw(column));
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
  std::string value = raw(column);
  if (value.empty())
    return std::nullopt;
  // A single comma can only be a decimal separator: no coordinate has 1,000 degrees.
  if (std::count(value.begin(), value.end(), ',') == 1 && value.find('.') == std::string::npos)
    std::replace(value.begin(), value.end(), ',', '.');
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

std::optional<std::int64_t> RotaTable::time(std::size_t column, std::optional<std::uint32_t> fold,
                                            std::optional<std::int64_t> notBefore) {
  const std::string& value = raw(column);
  if (value.empty()) {
    if (columns_[column].required)
      fault(column, "EMPTY", "A time is needed here, such as 2026-11-23T08:30:00.");
    return std::nullopt;
  }
  const auto read = readRotaTime(value);
  if (!read.ok()) {
    fault(column, read.error().reason.c_str(), read.error().text);
    return std::nullopt;
  }
  if (read->otherOffset)
    note(column, "OTHER_OFFSET",
         fmt::format("{} has another offset than London has then. It is read as {} in London.",
                     quoteValue(value), unixMsToLondon(read->unixMs)));
  if (!read->secondUnixMs)
    return read->unixMs;
  const bool second = fold == 1U || (notBefore && read->unixMs < *notBefore);
  if (!fold)
    note(column, "TIME_TWICE",
         fmt::format("The clocks show {} twice. It is read as the {} time; to say which, write {}.",
                     quoteValue(value), second ? "second" : "first", offsetExample(read->unixMs)));
  return second ? *read->secondUnixMs : read->unixMs;
}

std::optional<std::int64_t> RotaTable::day(std::size_t column) {
  const std::string& value = cells_[column];
  if (value.empty())
    return std::nullopt;
  // A spreadsheet stores a day as midnight and may export it with or without the time.
  auto noon = readRotaTime(value + " 12:00");
  if (!noon.ok())
    noon = readRotaTime(value);
  if (noon.ok())
    return londonDayNumber(noon->unixMs);
  fault(column, noon.error().reason == "DATE_AMBIGUOUS" ? "DATE_AMBIGUOUS" : "DAY_FORMAT",
        fmt::format("{} is no day that can be read in one way only. Write it as 2026-11-23.",
                    quoteValue(value)));
  return std::nullopt;
}

bool RotaTable::yesNo(std::size_t column) {
  const std::string& value = raw(column);
  const auto said = yesOrNo(value);
  if (!said)
    fault(column, "NOT_YES_OR_NO",
          fmt::format("{} is neither yes nor no. Write yes or no.", quoteValue(value)));
  return said.value_or(false);
}

}  // namespace doorstep::roster
