// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/csv_rows.h"

#include <algorithm>
#include <array>

namespace doorstep::measure_files {
namespace {

// Bytes that may end a field without quotes, by value.
constexpr std::array<bool, 256> kFieldEnds = [] {
  std::array<bool, 256> ends{};
  for (const char byte : {',', '"', '\r', '\n'})
    ends[static_cast<unsigned char>(byte)] = true;
  return ends;
}();

}  // namespace

CsvRows::CsvRows(const TextFile& file)
    // What lies behind a byte that is no text is not looked at.
    : file_(file),
      text_(std::string_view(file.text).substr(0, file.firstBadByte)),
      at_(file.begin) {
  at_ = std::min(at_, text_.size());
}

Result<bool> CsvRows::next() {
  fields_.clear();
  unescaped_.clear();
  rowOffset_ = at_;
  if (at_ == text_.size()) {
    if (file_.firstBadByte < file_.text.size())
      return faultAt(file_, at_, badByteMessage(file_));
    return false;
  }
  while (true) {
    DOORSTEP_TRY(readField());
    rowEnd_ = at_;
    if (at_ == text_.size()) {
      if (file_.firstBadByte < file_.text.size())
        return faultAt(file_, at_, badByteMessage(file_));
      return true;
    }
    const char separator = text_[at_];
    if (separator == ',') {
      ++at_;
      continue;
    }
    if (separator == '\r' && at_ + 1 == text_.size() && file_.firstBadByte < file_.text.size())
      return faultAt(file_, at_ + 1, badByteMessage(file_));
    if (separator == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] != '\n'))
      return faultAt(file_, at_,
                     "a carriage return alone: lines end with CRLF or LF (RFC 4180); put quotes "
                     "around a field that contains one");
    at_ += separator == '\r' ? 2 : 1;
    return true;
  }
}

Status CsvRows::readField() {
  if (at_ < text_.size() && text_[at_] == '"')
    return readQuoted();
  const std::size_t begin = at_;
  while (at_ < text_.size() && !kFieldEnds[static_cast<unsigned char>(text_[at_])])
    ++at_;
  if (at_ < text_.size() && text_[at_] == '"')
    return faultAt(file_, at_,
                   "a quote within a field without quotes: put quotes around the whole field and "
                   "double those in it (RFC 4180)");
  fields_.push_back({text_.substr(begin, at_ - begin), begin});
  return kDone;
}

Status CsvRows::readQuoted() {
  const std::size_t opening = at_;
  std::string* copy = nullptr;
  std::size_t from = ++at_;
  while (true) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == std::string_view::npos) {
      if (file_.firstBadByte < file_.text.size())
        return faultAt(file_, file_.firstBadByte, badByteMessage(file_));
      return faultAt(file_, opening, "this quote is never closed");
    }
    at_ = quote + 1;
    if (at_ == text_.size() || text_[at_] != '"') {
      const std::string_view last = text_.substr(from, quote - from);
      if (copy)
        copy->append(last);
      fields_.push_back({copy ? std::string_view(*copy) : last, opening});
      break;
    }
    if (!copy)
      copy = &unescaped_.emplace_back();
    copy->append(text_.substr(from, at_ - from));
    from = ++at_;
  }
  if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\r' && text_[at_] != '\n')
    return faultAt(file_, at_, "text after a closing quote: double the quotes within a field");
  return kDone;
}

}  // namespace doorstep::measure_files
