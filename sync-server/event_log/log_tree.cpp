// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/log_tree.h"

#include <algorithm>

#include "shared/core/check.h"

namespace doorstep::event_log {
namespace {

constexpr std::size_t kLevels = 64;

}  // namespace

LogTree::LogTree(std::uint64_t size, const std::vector<Hash>& edge)
    : size_(size), levels_(kLevels) {
  const auto subtrees = evidence::coveringSubtrees(0, size);
  DOORSTEP_CHECK(subtrees.size() == edge.size());
  for (std::size_t level = 0; level < kLevels; ++level)
    levels_[level].first = size >> level;
  for (std::size_t i = 0; i < edge.size(); ++i) {
    auto& level = levels_[static_cast<std::size_t>(subtrees[i].level)];
    level.first = subtrees[i].index;
    level.hashes.push_back(edge[i]);
  }
}

Hash LogTree::root() const {
  std::optional<Hash> root;
  for (std::size_t level = 0; level < kLevels; ++level) {
    if (((size_ >> level) & 1) == 0)
      continue;
    const Hash& left = levels_[level].hashes.back();
    root = root ? evidence::nodeHash(left, *root) : left;
  }
  return root ? *root : evidence::emptyRoot();
}

void LogTree::append(const Hash& leaf, const Completed& completed) {
  levels_[0].hashes.push_back(leaf);
  ++size_;
  for (std::size_t level = 1; level < kLevels && (size_ & ((std::uint64_t{1} << level) - 1)) == 0;
       ++level) {
    const auto& below = levels_[level - 1].hashes;
    DOORSTEP_CHECK(below.size() >= 2);
    const Hash hash = evidence::nodeHash(below[below.size() - 2], below.back());
    levels_[level].hashes.push_back(hash);
    completed({static_cast<int>(level), levels_[level].end() - 1}, hash);
  }
}

void LogTree::takeBack(std::uint64_t size) {
  for (std::size_t level = 0; level < kLevels; ++level)
    while (levels_[level].end() > (size >> level))
      levels_[level].hashes.pop_back();
  size_ = size;
}

void LogTree::forgetBefore(std::uint64_t leaves) {
  for (std::size_t level = 0; level < kLevels; ++level) {
    // Two: the newest may be the left or the right half of the next subtree to complete.
    const std::size_t keep = std::max<std::size_t>(2, static_cast<std::size_t>(leaves >> level));
    auto& hashes = levels_[level].hashes;
    while (hashes.size() > keep) {
      hashes.pop_front();
      ++levels_[level].first;
    }
  }
}

std::optional<Hash> LogTree::find(const evidence::Subtree& subtree) const {
  if (subtree.level < 0 || static_cast<std::size_t>(subtree.level) >= kLevels)
    return std::nullopt;
  const auto& level = levels_[static_cast<std::size_t>(subtree.level)];
  if (subtree.index < level.first || subtree.index >= level.end())
    return std::nullopt;
  return level.hashes[static_cast<std::size_t>(subtree.index - level.first)];
}

}  // namespace doorstep::event_log
