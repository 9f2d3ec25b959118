// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync-server/roster/csv_reader.h"
#include "sync-server/roster/rota_fault.h"

namespace doorstep::roster {

// A column that a table may have. Columns stand in any order; ones that are not listed are passed
// over, because offices export what their system has.
struct ColumnSpec {
  const char* name;
  bool required;
};

// One CSV file of a rota, typed: each getter reads a column of the row at hand, and adds a fault
// with file, line and column when the value is not what it must be. After a fault rowOk() is false
// and the getters' values are placeholders. Thread: one.
class RotaTable {
 public:
  RotaTable(std::string file, std::istream& input, std::span<const ColumnSpec> columns,
            std::size_t rowsMax, FaultList& faults);

  // The next row that has the header's number of fields; rowOk() is false when some are not UTF-8.
  // False: no more, or no usable header.
  bool nextRow();

  // The header names what is needed, the rows are within their limit, and none was passed over:
  // what is not in the table is not in the file.
  bool usable() const { return usable_ && complete_; }
  bool rowOk() const { return rowOk_; }
  std::uint64_t line() const { return reader_.line(); }

  // Columns are named by their index in the specification. The text of an absent column is empty.
  const std::string& raw(std::size_t column) const;
  // May be empty unless `required`.
  std::string text(std::size_t column, std::size_t bytesMax, bool required,
                   bool linesAllowed = false);
  // A whole number in [low, high]. Empty: absent, which is a fault for a required column.
  std::optional<std::uint32_t> number(std::size_t column, std::uint32_t low, std::uint32_t high);
  // Decimal degrees in [-limit, limit]; empty: absent.
  std::optional<double> degrees(std::size_t column, double limit);
  // A local time, "2026-11-23T08:30:00", as Unix ms; empty: absent.
  std::optional<std::int64_t> time(std::size_t column);
  // yes/no, true/false, 1/0; empty: no.
  bool yesNo(std::size_t column);

  void fault(std::size_t column, const char* reason, std::string text);

 private:
  void readHeader();
  void faultAt(std::uint64_t line, std::string column, const char* reason, std::string text);
  void unreadable();
  bool checkFields();

  const std::string file_;
  CsvReader reader_;
  const std::vector<ColumnSpec> columns_;
  const std::size_t rowsMax_;
  FaultList& faults_;
  std::vector<std::optional<std::size_t>> place_;  // of each column in the file's rows
  std::vector<std::string> header_;
  bool usable_ = false;
  bool complete_ = true;
  bool rowOk_ = true;
  std::size_t rows_ = 0;
};

}  // namespace doorstep::roster
