// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/display_text.h"

namespace doorstep::roster {

// One fault of a rota, with a text for the person who made the file (admin.v1.RotaFault).
struct RotaFault {
  std::string file;
  std::uint64_t line = 0;  // from 1; the header is line 1. 0: the file itself
  std::string column;      // empty: the whole line or file
  std::string reason;      // UPPER_SNAKE
  std::string text;        // what is wrong and what to do

  bool operator==(const RotaFault&) const = default;
};

// Number of faults that are not listed, of one reason in one file.
struct MoreFaults {
  std::string file;
  std::string reason;
  std::uint64_t count = 0;
};

// The first kFaultsListedMax faults of each reason in each file, in the order found, and the number
// of further ones, so that a column that is wrong in every line hides no other fault. Also used for
// notes, which do not prevent an import. Thread: one.
class FaultList {
 public:
  void add(RotaFault fault);
  bool empty() const { return listed_.empty(); }
  const std::vector<RotaFault>& listed() const { return listed_; }
  std::uint64_t notListed() const { return notListed_; }
  // By file and reason; their counts add up to notListed().
  std::vector<MoreFaults> more() const;

 private:
  std::vector<RotaFault> listed_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> seen_;  // by file and reason
  std::uint64_t notListed_ = 0;
};

// A value from a file for use in a fault's text: in quotation marks, at most kQuotedBytesMax bytes
// cut between characters, control and invisible characters (display_text.h) removed, bytes that are
// not UTF-8 as "?".
std::string quoteValue(std::string_view value);

// ASCII control characters, except tab and line end where the text may have lines.
bool hasControlBytes(std::string_view text, bool linesAllowed);

}  // namespace doorstep::roster
