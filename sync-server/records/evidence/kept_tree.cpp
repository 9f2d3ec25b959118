// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/kept_tree.h"

#include <cstddef>
#include <string>
#include <utility>

namespace doorstep::records {

void KeptTree::add(const Hash& leafHash) {
  levels_.front().push_back(leafHash);
  frontier_.append(leafHash);
}

void KeptTree::close() {
  root_ = frontier_.root();
  while (levels_.back().size() > 1) {
    std::vector<Hash> above;
    const std::vector<Hash>& below = levels_.back();
    for (std::size_t i = 0; i + 1 < below.size(); i += 2)
      above.push_back(evidence::nodeHash(below[i], below[i + 1]));
    levels_.push_back(std::move(above));
  }
}

Result<evidence::LeafPath::Path> KeptTree::path(std::uint64_t position) const {
  evidence::LeafPath::Path path;
  path.position = position;
  path.size = levels_.front().size();
  path.root = root_;
  DOORSTEP_ASSIGN(
      path.hashes,
      evidence::inclusionProof(
          path.position, path.size, [&](const evidence::Subtree& subtree) -> Result<Hash> {
            return levels_[static_cast<std::size_t>(subtree.level)][subtree.index];
          }));
  return path;
}

void writePath(const evidence::LeafPath::Path& path, v1::MerklePath& message) {
  message.set_position(path.position);
  message.set_size(path.size);
  for (const Hash& hash : path.hashes)
    message.add_hashes(std::string(hash.view()));
}

}  // namespace doorstep::records
