// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace doorstep::roster {

// The bytes of a text file as UTF-8. UTF-16 is recognised by its byte order mark or, without one,
// by the zero bytes of the first two characters; what is no UTF-16 in it becomes a byte that no
// UTF-8 holds, so that whoever checks the text finds it. Anything else comes as it is. A byte order
// mark at the start is no part of the text. Memory: two buffers. Thread: one.
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
  // Passes over byte order marks: files that were put one behind the other have them inside too.
  void skipMarks();

  Encoding encoding() const { return encoding_; }
  // As the file has them, before any conversion: what kind of file it is.
  const std::string& firstBytes() const { return firstBytes_; }
  // What is read ahead and not yet taken; after construction the beginning of the text.
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
  std::string pending_;          // bytes of a UTF-16 unit that is not whole yet
  std::uint32_t surrogate_ = 0;  // high half that waits for its low one
};

}  // namespace doorstep::roster
