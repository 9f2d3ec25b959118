// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/csv_input.h"

#include <algorithm>
#include <string_view>

namespace doorstep::roster {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::size_t kFirstBytes = 16;
constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr char kNoUtf8 = '\xFF';

void appendUtf8(std::string& text, std::uint32_t codePoint) {
  const auto add = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (codePoint < 0x80) {
    add(codePoint);
  } else if (codePoint < 0x800) {
    add(0xC0 | codePoint >> 6);
    add(0x80 | (codePoint & 0x3F));
  } else if (codePoint < 0x10000) {
    add(0xE0 | codePoint >> 12);
    add(0x80 | (codePoint >> 6 & 0x3F));
    add(0x80 | (codePoint & 0x3F));
  } else {
    add(0xF0 | codePoint >> 18);
    add(0x80 | (codePoint >> 12 & 0x3F));
    add(0x80 | (codePoint >> 6 & 0x3F));
    add(0x80 | (codePoint & 0x3F));
  }
}

}  // namespace

CsvInput::CsvInput(std::istream& input) : input_(input), raw_(kBufferBytes) {
  if (!readRaw())
    return;
  firstBytes_.assign(raw_.data(), std::min(rawSize_, kFirstBytes));
  recognise();
  if (encoding_ == Encoding::Bytes)
    text_.assign(raw_.data(), rawSize_);
  else
    convertUtf16();
  skipMarks();
}

bool CsvInput::readRaw() {
  input_.read(raw_.data(), static_cast<std::streamsize>(raw_.size()));
  rawSize_ = static_cast<std::size_t>(input_.gcount());
  return rawSize_ > 0;
}

void CsvInput::recognise() {
  const std::string_view first = firstBytes_;
  // Without a mark: two characters that English files begin with, one byte of each is zero.
  const bool isLong = first.size() >= 4;
  const bool little = isLong && first[0] != 0 && first[1] == 0 && first[2] != 0 && first[3] == 0;
  const bool big = isLong && first[0] == 0 && first[1] != 0 && first[2] == 0 && first[3] != 0;
  if (first.starts_with("\xFF\xFE") || little)
    encoding_ = Encoding::Utf16Little;
  else if (first.starts_with("\xFE\xFF") || big)
    encoding_ = Encoding::Utf16Big;
}

bool CsvInput::fill() {
  text_.clear();
  at_ = 0;
  // A block of UTF-16 may end inside its only character and give no text.
  while (text_.empty()) {
    if (!readRaw()) {
      if (pending_.empty() && surrogate_ == 0)
        return false;
      pending_.clear();
      surrogate_ = 0;
      text_.push_back(kNoUtf8);
      return true;
    }
    if (encoding_ == Encoding::Bytes)
      text_.assign(raw_.data(), rawSize_);
    else
      convertUtf16();
  }
  return true;
}

void CsvInput::convertUtf16() {
  pending_.append(raw_.data(), rawSize_);
  const std::size_t little = encoding_ == Encoding::Utf16Little ? 0 : 1;
  std::size_t at = 0;
  for (; at + 2 <= pending_.size(); at += 2) {
    const auto low = static_cast<unsigned char>(pending_[at + little]);
    const auto high = static_cast<unsigned char>(pending_[at + 1 - little]);
    const std::uint32_t unit = static_cast<std::uint32_t>(high) << 8 | low;
    const bool isLow = unit >= 0xDC00 && unit <= 0xDFFF;
    if (surrogate_ != 0 && isLow) {
      appendUtf8(text_, 0x10000 + ((surrogate_ - 0xD800) << 10) + (unit - 0xDC00));
      surrogate_ = 0;
      continue;
    }
    if (surrogate_ != 0 || isLow)
      text_.push_back(kNoUtf8);
    surrogate_ = unit >= 0xD800 && unit <= 0xDBFF ? unit : 0;
    if (surrogate_ == 0 && !isLow)
      appendUtf8(text_, unit);
  }
  pending_.erase(0, at);
}

void CsvInput::skipMarks() {
  while (peek() == static_cast<unsigned char>(kMark[0])) {
    if (ahead().size() < kMark.size()) {
      // The mark may continue in the next block, which is appended to the rest of this one.
      const std::string rest(ahead());
      const bool more = fill();
      text_.insert(0, rest);
      if (!more)
        return;
    }
    if (!ahead().starts_with(kMark))
      return;
    at_ += kMark.size();
  }
}

}  // namespace doorstep::roster
