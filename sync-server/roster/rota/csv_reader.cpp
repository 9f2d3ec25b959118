// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/csv_reader.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "sync-server/roster/limits.h"

namespace doorstep::roster {
namespace {

bool isLineEnd(int byte) { return byte == '\n' || byte == '\r'; }

// Returns the separator of a line "sep=;", as written by spreadsheets; 0 for any other line.
char saidSeparator(std::string_view line) {
  if (line.size() >= 2 && line.front() == '"' && line.back() == '"')
    line = line.substr(1, line.size() - 2);
  const bool said = line.size() == 5 && (line[0] == 's' || line[0] == 'S') &&
                    (line[1] == 'e' || line[1] == 'E') && (line[2] == 'p' || line[2] == 'P') &&
                    line[3] == '=';
  return said && line[4] != '"' && static_cast<unsigned char>(line[4]) < 0x80 ? line[4] : '\0';
}

// The first candidate wins a tie. A line without any separator is a single value.
char likelySeparator(std::string_view line) {
  constexpr std::string_view kSeparators = ",;\t|";
  std::size_t seen[kSeparators.size()] = {};
  bool quoted = false;
  for (const char byte : line) {
    quoted = quoted != (byte == '"');
    const std::size_t which = kSeparators.find(byte);
    if (!quoted && which != std::string_view::npos)
      ++seen[which];
  }
  return kSeparators[static_cast<std::size_t>(std::max_element(std::begin(seen), std::end(seen)) -
                                              std::begin(seen))];
}

}  // namespace

CsvReader::CsvReader(std::istream& input) : input_(input) { findSeparator(); }

void CsvReader::findSeparator() {
  while (isLineEnd(input_.peek()))
    passOverLineEnd();
  const std::string_view ahead = input_.ahead();
  const std::string_view line = ahead.substr(0, ahead.find_first_of("\r\n"));
  const char said = saidSeparator(line);
  separator_ = said ? said : likelySeparator(line);
  if (!said)
    return;
  for (std::size_t i = line.size(); i > 0; --i)
    take();
}

int CsvReader::take() {
  const int byte = input_.take();
  if (byte == '\n' || (byte == '\r' && input_.peek() != '\n'))
    ++line_;
  return byte;
}

void CsvReader::passOverLineEnd() {
  if (take() == '\r' && input_.peek() == '\n')
    take();
}

void CsvReader::append(int byte) { fields_[fieldCount_ - 1].push_back(static_cast<char>(byte)); }

void CsvReader::fail(const char* reason) {
  if (!reason_)
    reason_ = reason;
}

// The field is complete when a separator, a line end or the end of the input follows it.
bool CsvReader::endField(int byte) {
  if (byte == separator_) {
    if (fieldCount_ == kCsvColumnsMax)
      fail("TOO_MANY_COLUMNS");
    state_ = State::FieldStart;
    return false;
  }
  if (byte == '\r' && input_.peek() == '\n')
    take();
  rowEndsWithLine_ = byte != kEnd;
  return true;
}

bool CsvReader::feed(int byte) {
  const bool fieldEnds = byte == separator_ || isLineEnd(byte) || byte == kEnd;
  if (state_ == State::FieldStart) {
    if (fieldCount_ == fields_.size())
      fields_.emplace_back();
    fields_[fieldCount_++].clear();
    state_ = byte == '"' ? State::Quoted : State::Plain;
    if (byte == '"')
      return false;
  }
  switch (state_) {
    case State::Plain:
      if (fieldEnds)
        return endField(byte);
      if (byte == '"')
        fail("QUOTE_MISPLACED");
      append(byte);
      return false;
    case State::Quoted:
      if (byte == kEnd) {
        fail("QUOTE_OPEN");
        return true;
      }
      if (byte == '"')
        state_ = State::QuoteSeen;
      else
        append(byte);
      return false;
    case State::QuoteSeen:
      if (fieldEnds)
        return endField(byte);
      if (byte == '"') {
        append(byte);
        state_ = State::Quoted;
      } else {
        fail("QUOTE_MISPLACED");
      }
      return false;
    case State::FieldStart:
      break;  // handled above
  }
  return false;
}

CsvReader::Next CsvReader::passOverLine(int last) {
  while (!isLineEnd(last) && last != kEnd) {
    last = take();
    rowIsEmpty_ = rowIsEmpty_ && (last == separator_ || isLineEnd(last) || last == kEnd);
  }
  if (last == '\r' && input_.peek() == '\n')
    take();
  rowEndsWithLine_ = isLineEnd(last);
  return Next::Fault;
}

CsvReader::Next CsvReader::next() {
  input_.skipMarks();
  while (isLineEnd(input_.peek())) {
    passOverLineEnd();
    input_.skipMarks();
  }
  if (input_.peek() == kEnd)
    return Next::End;
  rowLine_ = line_;
  fieldCount_ = 0;
  rowBytes_ = 0;
  rowIsEmpty_ = true;
  rowEndsWithLine_ = false;
  state_ = State::FieldStart;
  reason_ = nullptr;
  while (true) {
    const int byte = take();
    if (byte == 0)
      fail("NUL_BYTE");
    if (++rowBytes_ > kCsvRowBytesMax)
      fail(state_ == State::Quoted ? "QUOTE_OPEN" : "ROW_TOO_LONG");
    rowIsEmpty_ = rowIsEmpty_ && (byte == separator_ || isLineEnd(byte) || byte == kEnd);
    const bool complete = feed(byte);
    if (reason_)
      return complete ? Next::Fault : passOverLine(byte);
    if (complete)
      break;
  }
  fields_.resize(fieldCount_);
  return Next::Row;
}

}  // namespace doorstep::roster
