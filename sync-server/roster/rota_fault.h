// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace doorstep::roster {

// One fault of a rota, in words that the person who made the file can act on (admin.v1.RotaFault).
struct RotaFault {
  std::string file;
  std::uint64_t line = 0;  // from 1; the header is line 1. 0: the file itself
  std::string column;      // empty: the whole line or file
  std::string reason;      // UPPER_SNAKE
  std::string text;        // what is wrong and what to do

  bool operator==(const RotaFault&) const = default;
};

// The first kFaultsListedMax faults in the order in which they are found, and how many there are.
// Thread: one.
class FaultList {
 public:
  void add(RotaFault fault);
  bool empty() const { return listed_.empty(); }
  const std::vector<RotaFault>& listed() const { return listed_; }
  std::uint64_t notListed() const { return notListed_; }

 private:
  std::vector<RotaFault> listed_;
  std::uint64_t notListed_ = 0;
};

// A value from a file as it may stand in a fault's text: in quotation marks, at most
// kQuotedBytesMax bytes cut between characters, control bytes left out, what is not UTF-8 as "?".
std::string quoteValue(std::string_view value);

// Strict UTF-8: no overlong forms, surrogates or code points beyond U+10FFFF.
bool isUtf8(std::string_view text);
// Control characters of ASCII, but for tab and line end where the text may have lines.
bool hasControlBytes(std::string_view text, bool linesAllowed);

}  // namespace doorstep::roster
