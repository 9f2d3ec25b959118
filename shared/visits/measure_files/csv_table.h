// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/visits/measure_files/column_value.h"
#include "shared/visits/measure_files/csv_rows.h"

namespace doorstep::measure_files {

// A CSV file whose columns are found by name, in any order; other columns are passed over. Every
// row has as many fields as the header. Thread: one.
class CsvTable {
 public:
  // file and columns must outlive it.
  CsvTable(const TextFile& file, std::span<const ColumnSpec> columns);

  // Error: a column is missing or stands twice.
  Status readHeader();
  // False: no row is left. Errors: FILE_FAULT.
  Result<bool> next();
  // Goes back to a row that was read, by its offset.
  Status readAt(std::size_t rowOffset);

  std::size_t rowOffset() const { return rows_.rowOffset(); }
  // Columns in the order in which they stand in the file, as indices of the specs: faults of a row
  // are told from left to right.
  std::span<const std::size_t> order() const { return order_; }

  std::string_view text(std::size_t column) const;
  // The row as it stands in the file, without the end of its line, but with another field there,
  // which needs no quotes.
  std::string rowWith(std::size_t column, std::string_view value) const;
  // Reads the row's field as the column's kind does.
  Status read(std::size_t column, ColumnValue& value) const;
  // "file:line:column: name: message", for the row's field.
  Error fault(std::size_t column, std::string_view message) const;

 private:
  const TextFile& file_;
  std::span<const ColumnSpec> columns_;
  CsvRows rows_;
  std::size_t width_ = 0;
  std::vector<std::size_t> fieldOf_;  // by column
  std::vector<std::size_t> order_;
};

}  // namespace doorstep::measure_files
