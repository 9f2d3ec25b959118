// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/evidence/merkle_tree.h"

namespace doorstep::tests {

// A Merkle tree straight from the definition of RFC 6962 §2.1 with all leaves in memory; reference
// for the real one.
class WholeTree {
 public:
  explicit WholeTree(std::uint64_t size, const std::string& history = "history") {
    for (std::uint64_t i = 0; i < size; ++i)
      leaves_.push_back(evidence::leafHash(history + std::to_string(i)));
  }

  const Hash& leaf(std::uint64_t position) const { return leaves_[position]; }
  Hash root(std::uint64_t size) const {
    return size == 0 ? evidence::emptyRoot() : rootOf(0, size);
  }
  evidence::SubtreeHashes hashes() const {
    return [this](const evidence::Subtree& part) -> Result<Hash> {
      const std::uint64_t begin = part.index << part.level;
      return rootOf(begin, begin + (std::uint64_t{1} << part.level));
    };
  }

 private:
  Hash rootOf(std::uint64_t begin, std::uint64_t end) const {
    if (end - begin == 1)
      return leaves_[begin];
    std::uint64_t half = 1;
    while (half * 2 < end - begin)
      half *= 2;
    return evidence::nodeHash(rootOf(begin, begin + half), rootOf(begin + half, end));
  }

  std::vector<Hash> leaves_;
};

}  // namespace doorstep::tests
