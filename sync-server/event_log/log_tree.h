// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/evidence/merkle_tree.h"

namespace doorstep::event_log {

// The right edge of one log's Merkle tree, in memory: on each level the newest complete subtrees,
// of which the last are enough to append and to compute the root. A commit's leaves are staged
// until it ends, then kept or removed. Thread: one at a time (SqlEventLog locks).
class LogTree {
 public:
  // A tree of `size` leaves; edge: hashes of coveringSubtrees(0, size), in order.
  LogTree(std::uint64_t size, const std::vector<Hash>& edge);

  std::uint64_t size() const { return size_; }  // staged leaves included
  Hash root() const;
  // Called for each subtree that the leaf completes, from level 1 upwards.
  using Completed = std::function<void(const evidence::Subtree&, const Hash&)>;
  void append(const Hash& leaf, const Completed& completed);
  // Returns to an earlier size of this commit.
  void takeBack(std::uint64_t size);
  // Drops hashes older than the last `leaves` leaves.
  void forgetBefore(std::uint64_t leaves);

  // nullopt when it is not in memory, or not complete.
  std::optional<Hash> find(const evidence::Subtree& subtree) const;

 private:
  struct Level {
    std::uint64_t first = 0;  // index of hashes.front()
    std::deque<Hash> hashes;
    std::uint64_t end() const { return first + hashes.size(); }
  };
  std::uint64_t size_ = 0;
  std::vector<Level> levels_;
};

}  // namespace doorstep::event_log
