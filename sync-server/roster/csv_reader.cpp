// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/csv_reader.h"

#include "sync-server/roster/limits.h"

namespace doorstep::roster {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

}  // namespace

CsvReader::CsvReader(std::istream& input) : input_(input), buffer_(kBufferBytes) {
  // A byte order mark, as spreadsheets write it, is no part of the first column's name.
  if (peek() == 0xEF && filled_ >= 3 && static_cast<unsigned char>(buffer_[1]) == 0xBB &&
      static_cast<unsigned char>(buffer_[2]) == 0xBF)
    at_ = 3;
}

int CsvReader::peek() {
  if (at_ == filled_) {
    input_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    filled_ = static_cast<std::size_t>(input_.gcount());
    at_ = 0;
    if (filled_ == 0)
      return kEnd;
  }
  return static_cast<unsigned char>(buffer_[at_]);
}

int CsvReader::take() {
  const int byte = peek();
  if (byte == kEnd)
    return kEnd;
  ++at_;
  if (byte == '\n')
    ++line_;
  return byte;
}

void CsvReader::append(int byte) { fields_[fieldCount_ - 1].push_back(static_cast<char>(byte)); }

void CsvReader::fail(const char* reason) {
  if (!reason_)
    reason_ = reason;
}

// The field is complete when a comma, a line end or the end of the input follows it.
bool CsvReader::endField(int byte) {
  if (byte == ',') {
    if (fieldCount_ == kCsvColumnsMax)
      fail("TOO_MANY_COLUMNS");
    state_ = State::FieldStart;
    return false;
  }
  if (byte == '\r' && peek() == '\n')
    take();
  return true;
}

bool CsvReader::feed(int byte) {
  const bool fieldEnds =
      byte == ',' || byte == '\n' || byte == kEnd || (byte == '\r' && peek() == '\n');
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
      break;  // left above
  }
  return false;
}

CsvReader::Next CsvReader::passOverLine(int last) {
  while (last != '\n' && last != kEnd)
    last = take();
  return Next::Fault;
}

CsvReader::Next CsvReader::next() {
  while (peek() == '\n' || peek() == '\r')
    take();
  if (peek() == kEnd)
    return Next::End;
  rowLine_ = line_;
  fieldCount_ = 0;
  rowBytes_ = 0;
  state_ = State::FieldStart;
  reason_ = nullptr;
  while (true) {
    const int byte = take();
    if (byte == 0)
      fail("NUL_BYTE");
    if (++rowBytes_ > kCsvRowBytesMax)
      fail(state_ == State::Quoted ? "QUOTE_OPEN" : "ROW_TOO_LONG");
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
