// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/visits/measure_files/csv_table.h"
#include "tools/verify/findings.h"

namespace doorstep::verify {

// The rows of visits.csv, one after another, with what each says and where. Thread: one.
class RecordRows {
 public:
  // file must outlive it. Error: FILE_FAULT, here as in next().
  static Result<RecordRows> open(const measure_files::TextFile& file);
  Result<bool> next();

  // The field as it is written; "" for a column that no visits.csv of ours has.
  std::string_view text(std::string_view column) const;
  std::optional<std::int64_t> time(std::string_view column) const;
  std::uint64_t number(std::string_view column) const;

  // The file before its first row.
  std::string_view head() const;
  // The row's line with another value in a column, as the server writes lines.
  std::string lineWith(std::string_view column, std::string_view value) const;

  // Whether something did not follow in this row.
  bool differs() const { return differs_; }
  void differ(std::string_view column, std::string_view message, Findings& findings);
  // Finds that the column says otherwise than what follows.
  void expect(std::string_view column, std::string_view follows, Findings& findings);
  void expectTime(std::string_view column, std::optional<std::int64_t> follows, Findings& findings);
  void expectNumber(std::string_view column, std::int64_t follows, Findings& findings);
  // Of a text that people wrote: guarded as the file guards it.
  void expectText(std::string_view column, std::string_view follows, Findings& findings);

 private:
  RecordRows(const measure_files::TextFile& file, std::vector<measure_files::ColumnSpec> columns);

  const measure_files::TextFile* file_;
  std::vector<measure_files::ColumnSpec> columns_;
  measure_files::CsvTable table_;
  bool differs_ = false;
};

}  // namespace doorstep::verify
