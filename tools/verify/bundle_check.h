// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "tools/verify/findings.h"

namespace doorstep::verify {

// What checking a bundle came to.
struct Verdict {
  Findings findings;
  std::uint64_t rows = 0;
  std::uint64_t follow = 0;
  std::uint64_t differ = 0;
  std::map<std::string, std::uint64_t> unchecked;  // rows by what is not proved of them
  std::map<std::string, std::uint64_t> unproved;   // rows by filled columns that nothing proves
  std::vector<std::string> about;                  // logs, offices, and what a bundle cannot show

  bool clean() const { return findings.count() == 0 && differ == 0; }
};

// Checks a bundle, from its files to each of its rows. logKeys: verifier keys of logs that the
// caller knows from elsewhere. Error: what cannot be read at all, with file, line and column.
// Memory: some 2 KB a visit, 100 bytes a row, and the evidence's lines while they are read. Thread:
// any.
Result<Verdict> checkBundle(const std::filesystem::path& folder,
                            const std::vector<std::string>& logKeys);

// The verdict as it is printed.
std::string verdictText(const Verdict& verdict);

}  // namespace doorstep::verify
