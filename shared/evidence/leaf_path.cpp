// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/leaf_path.h"

#include "shared/evidence/merkle_tree.h"

namespace doorstep::evidence {

LeafPath::Part LeafPath::join(const Part& left, const Part& right, std::vector<Hash>& hashes) {
  if (left.hasLeaf)
    hashes.push_back(right.hash);
  if (right.hasLeaf)
    hashes.push_back(left.hash);
  return {nodeHash(left.hash, right.hash), left.hasLeaf || right.hasLeaf};
}

void LeafPath::add(const Hash& leafHash, bool marked) {
  if (marked) {
    for (Part& part : parts_)
      part.hasLeaf = false;
    hashes_.clear();
    position_ = size_;
  }
  Part added{leafHash, marked};
  for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    added = join(parts_.back(), added, hashes_);
    parts_.pop_back();
  }
  parts_.push_back(added);
  ++size_;
}

std::optional<LeafPath::Path> LeafPath::path() const {
  if (!position_)
    return std::nullopt;
  Path path{*position_, size_, hashes_, {}};
  Part root = parts_.back();
  for (std::size_t i = parts_.size() - 1; i > 0; --i)
    root = join(parts_[i - 1], root, path.hashes);
  path.root = root.hash;
  return path;
}

}  // namespace doorstep::evidence
