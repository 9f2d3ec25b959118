// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace doorstep::roster {

// Converts a text file to UTF-8. UTF-16 is detected by its byte order mark or, without one, by the
// zero bytes of the first two characters; invalid UTF-16 becomes a byte that is invalid in UTF-8,
// so that later checks find it. Other bytes are unchanged. A byte order mark at the start is
// removed. Memory: two buffers. Thread: one.
class CsvInput {
 public:
  enum class Encoding { Bytes, Utf16Little, Utf16Big };
  static constexpr int kEnd = -1;

  explicit CsvInput(std::istream& input);

  int peek() {
    if (at_ == text_.size() && !fill())
      return kEnd;
    return static_cast<unsigned char>(text_[at_]);
  }
  int take() {
    const int byte = peek();
    if (byte != kEnd)
      ++at_;
    return byte;
  }
  // Skips byte order marks, which concatenated files also contain inside.
  void skipMarks();

  Encoding encoding() const { return encoding_; }
  // The file's first bytes before conversion, to detect its type.
  const std::string& firstBytes() const { return firstBytes_; }
  // Bytes read ahead and not yet taken; after construction, the beginning of the text.
  std::string_view ahead() const { return std::string_view(text_).substr(at_); }

 private:
  bool fill();
  bool readRaw();
  void recognise();
  void convertUtf16();

  std::istream& input_;
  std::vector<char> raw_;
  std::size_t rawSize_ = 0;
  std::string text_;
  std::size_t at_ = 0;
  std::string firstBytes_;
  Encoding encoding_ = Encoding::Bytes;
  std::string pending_;          // bytes of an incomplete UTF-16 unit
  std::uint32_t surrogate_ = 0;  // high surrogate without its low one yet
};

}  // namespace doorstep::roster
