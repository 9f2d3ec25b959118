// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/evidence/checkpoint.h"
#include "shared/evidence/merkle_tree.h"

namespace doorstep::evidence {

// One proof that the log only grew and that the new part contains the phone's entries. The phone
// holds the frontier of the log that it verified last; the server sends the subtree hashes of the
// new part except for the phone's own leaves, which the phone computes. Size: 2 log2(new part) for
// each own leaf, independent of the old part. Made by sync-server/rpc, verified by app/sync.
// Thread: any.

struct OwnLeaf {
  std::uint64_t position = 0;
  Hash leaf;
};

// Subtree hashes that cover [fromSize, size) except for ownPositions, which must be sorted, unique
// and in that range. 32 bytes each, concatenated. Errors: EXTENSION_SHAPE for other positions; that
// of hashes.
Result<std::string> makeLogExtension(std::uint64_t fromSize, std::uint64_t size,
                                     std::span<const std::uint64_t> ownPositions,
                                     const SubtreeHashes& hashes);

// The new frontier and its checkpoint, signed by the log. Errors: EXTENSION_SHAPE (the number of
// hashes does not match the sizes), CHECKPOINT_SIGNATURE (the log did not sign this root: the tree
// does not extend the held one, or the answer was altered).
struct VerifiedExtension {
  Frontier frontier;
  std::string checkpointNote;  // signed note, as served at the log's `checkpoint` path
};
Result<VerifiedExtension> verifyLogExtension(const Frontier& held, std::uint64_t size,
                                             std::string_view subtreeHashes,
                                             std::span<const OwnLeaf> ownLeaves,
                                             std::string_view checkpointSignature,
                                             const NoteVerifier& log);

}  // namespace doorstep::evidence
