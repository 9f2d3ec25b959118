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

#include "shared/core/display_text.h"
#include "sync-server/roster/rota/csv_reader.h"
#include "sync-server/roster/rota/rota_fault.h"

namespace doorstep::roster {

// A column that a table may have. Columns may be in any order, their names in either case and with
// blanks or hyphens for underscores; others are skipped and noted, because offices export all
// columns that their system has.
struct ColumnSpec {
  const char* name;
  bool required;
  // A required column whose values may be missing: a spreadsheet drops them at the end of a line.
  bool emptyAllowed = false;
};

// One CSV file of a rota with typed access: each getter reads a column of the current row and adds
// a fault with file, line and column when the value is invalid. After a fault rowOk() is false and
// the getters' values are placeholders. Accepts spreadsheets' changes to a file where they are
// unambiguous, with a note. Thread: one.
class RotaTable {
 public:
  RotaTable(std::string file, std::istream& input, std::span<const ColumnSpec> columns,
            std::size_t rowsMax, FaultList& faults, FaultList& notes);

  // Advances to the next row that has a value and fits the header: empty values at its end may be
  // missing or surplus. Rows without any value are skipped. rowOk() is false when a value is not
  // UTF-8. False: no more rows, or no usable header.
  bool nextRow();

  // The header has the required columns, the rows are within their limit, and none was skipped:
  // what is not in the table is not in the file.
  bool usable() const { return usable_ && complete_; }
  bool rowOk() const { return rowOk_; }
  std::uint64_t line() const { return reader_.line(); }

  // Number of rows that nextRow() returned.
  std::size_t rows() const { return rows_; }

  // Columns are identified by their index in the specification. The text of an absent column is
  // empty; otherwise it is trimmed, its blanks are ordinary ones, and it is in NFC.
  const std::string& raw(std::size_t column) const { return cells_[column]; }
  // An id that is compared; may be empty unless `required`.
  std::string ref(std::size_t column, bool required);
  // May be empty unless `required`.
  std::string text(std::size_t column, std::size_t bytesMax, bool required,
                   bool linesAllowed = false);
  // A whole number in [low, high]. Empty: absent, which is a fault for a required column.
  std::optional<std::uint32_t> number(std::size_t column, std::uint32_t low, std::uint32_t high);
  // Decimal degrees in [-limit, limit]; empty: absent.
  std::optional<double> degrees(std::size_t column, double limit);
  // A local time (rota_time.h) as Unix ms; empty: absent. For an ambiguous time in autumn: the one
  // given by its offset or by `fold` (0 or 1), otherwise the first that is not before notBefore,
  // with a note.
  std::optional<std::int64_t> time(std::size_t column, std::optional<std::uint32_t> fold = {},
                                   std::optional<std::int64_t> notBefore = {});
  // A local day, in the forms of a date that time() reads; empty: absent.
  std::optional<std::int64_t> day(std::size_t column);
  // yes/no, true/false, 1/0, in either case and in spreadsheets' other languages; empty: no.
  bool yesNo(std::size_t column);

  // Call after the last row: notes about the file's end.
  void finish();

  void fault(std::size_t column, const char* reason, std::string text);
  void note(std::size_t column, const char* reason, std::string text);

 private:
  void readHeader();
  void faultAt(std::uint64_t line, std::string column, const char* reason, std::string text);
  void unreadable();
  // False: the file is not CSV; a fault was added.
  bool checkKind();
  void noteForm();
  void placeColumns();
  // False: the row does not fit the header.
  bool fitFields();
  bool fitShortRow(std::size_t given);
  bool repeatsHeader() const;
  void cleanFields();
  bool checkText(std::size_t column, TextKind kind);

  const std::string file_;
  CsvReader reader_;
  const std::vector<ColumnSpec> columns_;
  const std::size_t rowsMax_;
  FaultList& faults_;
  std::vector<std::optional<std::size_t>> place_;  // of each column in the file's rows
  FaultList& notes_;
  std::vector<std::string> header_;
  std::vector<std::string> cells_;  // of the current row, by column of the specification
  bool usable_ = false;
  bool complete_ = true;
  bool rowOk_ = true;
  std::size_t rows_ = 0;
};

}  // namespace doorstep::roster
