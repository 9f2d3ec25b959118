// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "sync-server/roster/rota/csv_input.h"

namespace doorstep::roster {

// Reads CSV (RFC 4180) row by row from a stream of arbitrary bytes: quotes, quoted line ends, lines
// that end with CRLF, LF or CR, UTF-16 and byte order marks (csv_input.h), no line end at the end.
// The separator is given by a first line "sep=;", as spreadsheets write it, otherwise it is the
// most frequent of , ; tab and | outside quotes in the first line. Memory is bounded by the longest
// permitted row. A faulty row is reported and skipped, and reading continues with the next line, so
// that one import finds all faults. Blank lines are skipped. Thread: one.
class CsvReader {
 public:
  enum class Next {
    Row,    // fields() and line() describe the row
    Fault,  // reason() says why the row at line() cannot be read
    End,
  };

  explicit CsvReader(std::istream& input);

  Next next();

  const std::vector<std::string>& fields() const { return fields_; }
  // The row's first line, from 1.
  std::uint64_t line() const { return rowLine_; }
  // UPPER_SNAKE: QUOTE_OPEN, QUOTE_MISPLACED, ROW_TOO_LONG, NUL_BYTE, TOO_MANY_COLUMNS.
  const char* reason() const { return reason_; }
  // After a fault: the row contained only separators.
  bool rowIsEmpty() const { return rowIsEmpty_; }
  // False: the file ended with the row.
  bool rowEndsWithLine() const { return rowEndsWithLine_; }

  char separator() const { return separator_; }
  const CsvInput& input() const { return input_; }

 private:
  enum class State {
    FieldStart,  // before the field's first byte
    Plain,       // in an unquoted field; ends with a separator or a line end
    Quoted,      // between quotes; ends with a quote
    QuoteSeen,   // after a quote in a quoted field: doubled, or the field's end
  };
  static constexpr int kEnd = CsvInput::kEnd;

  void findSeparator();
  int take();
  void passOverLineEnd();
  // Processes one byte; true when the row is complete.
  bool feed(int byte);
  bool endField(int byte);
  void append(int byte);
  void fail(const char* reason);
  Next passOverLine(int last);

  CsvInput input_;
  char separator_ = ',';
  std::uint64_t line_ = 1;
  std::uint64_t rowLine_ = 1;
  std::vector<std::string> fields_;
  std::size_t fieldCount_ = 0;  // fields_ reuses its strings between rows
  std::size_t rowBytes_ = 0;
  bool rowIsEmpty_ = true;
  bool rowEndsWithLine_ = false;
  State state_ = State::FieldStart;
  const char* reason_ = nullptr;
};

}  // namespace doorstep::roster
