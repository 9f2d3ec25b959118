// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "doorstep/records/v1/records_service.pb.h"
#include "shared/core/result.h"
#include "shared/evidence/leaf_path.h"
#include "shared/evidence/merkle_tree.h"

namespace doorstep::records {

// A Merkle tree (RFC 6962) in memory, for the paths of many of its leaves: 64 bytes a leaf.
// Thread: one.
class KeptTree {
 public:
  // leafHash: of the leaf's data. All leaves come before the first path.
  void add(const Hash& leafHash);
  void close();

  const Hash& root() const { return root_; }
  // Of a leaf that was added; close() was called.
  Result<evidence::LeafPath::Path> path(std::uint64_t position) const;

 private:
  std::vector<std::vector<Hash>> levels_{1};  // complete subtrees, leaves first
  evidence::Frontier frontier_;
  Hash root_;
};

void writePath(const evidence::LeafPath::Path& path, v1::MerklePath& message);

}  // namespace doorstep::records
