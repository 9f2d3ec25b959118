// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/core/bytes.h"

namespace doorstep::evidence {

// Root of a Merkle tree (RFC 6962) whose leaves come one after another, and the inclusion path of
// one of them, without storing the leaves: memory is a hash for each bit of the tree's size.
// Thread: one.
class LeafPath {
 public:
  struct Path {
    std::uint64_t position = 0;
    std::uint64_t size = 0;
    std::vector<Hash> hashes;  // as evidence::inclusionProof returns them
    Hash root;
  };

  // leafHash: of the leaf's data. The path is that of the last leaf that was marked.
  void add(const Hash& leafHash, bool marked);
  std::uint64_t size() const { return size_; }
  // nullopt: no leaf was marked.
  std::optional<Path> path() const;

 private:
  struct Part {
    Hash hash;
    bool hasLeaf = false;  // the marked one is below it
  };
  // Joins two neighbours; the sibling of the part with the leaf is the path's next hash.
  static Part join(const Part& left, const Part& right, std::vector<Hash>& hashes);

  std::vector<Part> parts_;  // complete subtrees, largest first
  std::uint64_t size_ = 0;
  std::optional<std::uint64_t> position_;
  std::vector<Hash> hashes_;
};

}  // namespace doorstep::evidence
