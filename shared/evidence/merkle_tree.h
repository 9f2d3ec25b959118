// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/result.h"

namespace doorstep::evidence {

// Merkle tree of RFC 6962 §2.1. Leaves are counted from 0. Thread: any; a Frontier one at a time.

Hash leafHash(std::string_view leafData);            // SHA-256(0x00 + data)
Hash nodeHash(const Hash& left, const Hash& right);  // SHA-256(0x01 + left + right)
Hash emptyRoot();                                    // SHA-256("")

// A complete subtree: 2^level leaves from index * 2^level.
struct Subtree {
  int level = 0;
  std::uint64_t index = 0;

  bool operator==(const Subtree&) const = default;
};

// The complete subtrees that cover [begin, end) from left to right, each the largest aligned one
// that fits: at most 2 * log2(end - begin).
std::vector<Subtree> coveringSubtrees(std::uint64_t begin, std::uint64_t end);

// The left part of a tree, [0, size), as the roots of its covering subtrees: enough to append and
// to compute the root. At most 64 hashes; the phone stores it, the server holds it in memory.
class Frontier {
 public:
  Frontier() = default;
  // hashes: those of coveringSubtrees(0, size), in order. Error FRONTIER_SHAPE for a wrong count.
  static Result<Frontier> restore(std::uint64_t size, std::vector<Hash> hashes);

  std::uint64_t size() const { return size_; }
  const std::vector<Hash>& hashes() const { return hashes_; }
  Hash root() const;

  void append(const Hash& leaf);
  // Appends a complete subtree; size() must be a multiple of 2^level. Error SUBTREE_ALIGNMENT.
  Status appendSubtree(int level, const Hash& hash);

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

// Looks up the hash of a complete subtree of a log.
using SubtreeHashes = std::function<Result<Hash>(const Subtree&)>;

// Proofs of RFC 6962 §2.1.1 and §2.1.2 over a tree of `size` leaves.
Result<std::vector<Hash>> inclusionProof(std::uint64_t position, std::uint64_t size,
                                         const SubtreeHashes& hashes);
Result<std::vector<Hash>> consistencyProof(std::uint64_t oldSize, std::uint64_t size,
                                           const SubtreeHashes& hashes);

// Errors: PROOF_SHAPE for a wrong number of hashes, PROOF_ROOT when the root differs.
Status verifyInclusion(const Hash& leaf, std::uint64_t position, std::uint64_t size,
                       std::span<const Hash> proof, const Hash& root);
Status verifyConsistency(std::uint64_t oldSize, const Hash& oldRoot, std::uint64_t size,
                         const Hash& root, std::span<const Hash> proof);

}  // namespace doorstep::evidence
