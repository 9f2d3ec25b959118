// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/record_rows.h"

#include <algorithm>
#include <utility>

#include "shared/core/display_text.h"
#include "shared/core/local_time.h"
#include "shared/visits/measure_files/visit_columns.h"
#include "shared/visits/measures/civil_time.h"

namespace doorstep::verify {
namespace {

using measure_files::shownValue;

std::string valueOf(std::string_view text) {
  return text.empty() ? std::string("nothing") : shownValue(text);
}

}  // namespace

RecordRows::RecordRows(const measure_files::TextFile& file,
                       std::vector<measure_files::ColumnSpec> columns)
    : file_(&file), columns_(std::move(columns)), table_(file, columns_) {}

Result<RecordRows> RecordRows::open(const measure_files::TextFile& file) {
  std::vector<measure_files::ColumnSpec> columns;
  for (const measure_files::VisitColumn& column : measure_files::visitColumns())
    columns.push_back(column.spec);
  RecordRows rows(file, std::move(columns));
  DOORSTEP_TRY(rows.table_.readHeader());
  return rows;
}

Result<bool> RecordRows::next() {
  differs_ = false;
  return table_.next();
}

std::string_view RecordRows::text(std::string_view column) const {
  return table_.text(measure_files::visitColumn(column));
}

std::optional<std::int64_t> RecordRows::time(std::string_view column) const {
  return measures::parseUtc(text(column));
}

std::uint64_t RecordRows::number(std::string_view column) const {
  return static_cast<std::uint64_t>(measure_files::parseWhole(text(column)).value_or(0));
}

std::string_view RecordRows::head() const {
  const std::string_view text = file_->text;
  return text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
}

std::string RecordRows::lineWith(std::string_view column, std::string_view value) const {
  return table_.rowWith(measure_files::visitColumn(column), value) + "\r\n";
}

void RecordRows::differ(std::string_view column, std::string_view message, Findings& findings) {
  differs_ = true;
  findings.add([&] { return table_.fault(measure_files::visitColumn(column), message).text; });
}

void RecordRows::expect(std::string_view column, std::string_view follows, Findings& findings) {
  if (text(column) != follows)
    differ(column,
           "the row says " + valueOf(text(column)) + ", and " + valueOf(follows) + " follows",
           findings);
}

void RecordRows::expectTime(std::string_view column, std::optional<std::int64_t> follows,
                            Findings& findings) {
  expect(column, follows ? unixMsToUtc(*follows) : std::string(), findings);
}

void RecordRows::expectNumber(std::string_view column, std::int64_t follows, Findings& findings) {
  expect(column, std::to_string(follows), findings);
}

void RecordRows::expectText(std::string_view column, std::string_view follows, Findings& findings) {
  const std::string shown = shownText(follows, TextKind::Lines);
  if (text(column) != "'" + shown)
    expect(column, shown, findings);
}

}  // namespace doorstep::verify
