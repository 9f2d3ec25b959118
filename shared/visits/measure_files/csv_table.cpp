// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/csv_table.h"

#include <map>
#include <string>

namespace doorstep::measure_files {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

}  // namespace

CsvTable::CsvTable(const TextFile& file, std::span<const ColumnSpec> columns)
    : file_(file), columns_(columns), rows_(file), fieldOf_(columns.size(), kNowhere) {}

Status CsvTable::readHeader() {
  std::map<std::string_view, std::size_t> byName;
  for (std::size_t column = 0; column < columns_.size(); ++column)
    byName.emplace(columns_[column].name, column);
  DOORSTEP_ASSIGN(const bool any, rows_.next());
  const std::span<const CsvField> fields = rows_.fields();
  width_ = fields.size();
  for (std::size_t i = 0; i < width_; ++i) {
    const auto found = byName.find(fields[i].text);
    if (found == byName.end())
      continue;
    if (fieldOf_[found->second] != kNowhere)
      return faultAt(file_, fields[i].offset,
                     std::string(found->first) + ": this column stands twice in the header");
    fieldOf_[found->second] = i;
    order_.push_back(found->second);
  }
  for (std::size_t column = 0; column < columns_.size(); ++column)
    if (fieldOf_[column] == kNowhere)
      return faultAt(file_, any ? rows_.rowOffset() : file_.begin,
                     std::string(columns_[column].name) + ": this column is missing");
  return kDone;
}

Result<bool> CsvTable::next() {
  DOORSTEP_ASSIGN(const bool any, rows_.next());
  if (!any)
    return false;
  const std::size_t fields = rows_.fields().size();
  if (fields == width_)
    return true;
  return faultAt(
      file_, fields > width_ ? rows_.fields()[width_].offset : rows_.rowEnd(),
      "the row has " + std::to_string(fields) + " fields and the header " + std::to_string(width_));
}

Status CsvTable::readAt(std::size_t rowOffset) {
  rows_.seek(rowOffset);
  DOORSTEP_TRY(next());
  return kDone;
}

std::string_view CsvTable::text(std::size_t column) const {
  return rows_.fields()[fieldOf_[column]].text;
}

std::string CsvTable::rowWith(std::size_t column, std::string_view value) const {
  const std::size_t field = fieldOf_[column];
  const auto fields = rows_.fields();
  // A field ends before the comma of the next one.
  const std::size_t end = field + 1 < fields.size() ? fields[field + 1].offset - 1 : rows_.rowEnd();
  const std::string_view file = file_.text;
  return std::string(file.substr(rows_.rowOffset(), fields[field].offset - rows_.rowOffset()))
      .append(value)
      .append(file.substr(end, rows_.rowEnd() - end));
}

Status CsvTable::read(std::size_t column, ColumnValue& value) const {
  if (const auto wrong = readColumnValue(columns_[column], text(column), value))
    return fault(column, *wrong);
  return kDone;
}

Error CsvTable::fault(std::size_t column, std::string_view message) const {
  return faultAt(file_, rows_.fields()[fieldOf_[column]].offset,
                 std::string(columns_[column].name) + ": " + std::string(message));
}

}  // namespace doorstep::measure_files
