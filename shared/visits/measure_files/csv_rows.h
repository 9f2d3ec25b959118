// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/visits/measure_files/text_file.h"

namespace doorstep::measure_files {

struct CsvField {
  std::string_view text;   // without quotes
  std::size_t offset = 0;  // of its first byte in the file, the quote included
};

// Reads CSV strictly by RFC 4180: comma, CRLF or LF, quotes only around a whole field and doubled
// in it. What a lenient reader would guess at is a fault, since two readers must not read two
// tables: a quote within a plain field, text after a closing quote, a quote that is never closed, a
// carriage return alone outside quotes. (A rota from a spreadsheet is read leniently by the
// server.) Memory is that of one row. Thread: one.
class CsvRows {
 public:
  // The file must outlive it.
  explicit CsvRows(const TextFile& file);

  // Reads the next row; false: there is none. Error: FILE_FAULT.
  Result<bool> next();
  // Goes to a row that was read before, or the end.
  void seek(std::size_t rowOffset) { at_ = rowOffset; }

  // Of the row read last; valid until the next.
  std::span<const CsvField> fields() const { return fields_; }
  std::size_t rowOffset() const { return rowOffset_; }
  // Where the row's last field ends.
  std::size_t rowEnd() const { return rowEnd_; }

 private:
  Status readField();
  Status readQuoted();

  const TextFile& file_;
  std::string_view text_;
  std::size_t at_;
  std::size_t rowOffset_ = 0;
  std::size_t rowEnd_ = 0;
  std::vector<CsvField> fields_;
  std::deque<std::string> unescaped_;  // what fields point to where quotes were doubled
};

}  // namespace doorstep::measure_files
