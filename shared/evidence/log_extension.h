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

// Proof in one piece that the log only grew and that the phone's entries are in what it grew by.
// The phone holds the frontier of the log it verified; the server sends the subtree hashes of the
// rest but for the phone's own leaves, which the phone computes itself. Growth: 2 log2 of what is
// new for each own leaf, nothing for what is old. Used by sync-server/rpc (make) and app/sync
// (verify).

struct OwnLeaf {
  std::uint64_t position = 0;
  Hash leaf;
};

// Subtree hashes that cover [fromSize, size) but for the positions, which are sorted, unique and in
// that range (the caller leaves out any other). 32 bytes each, concatenated.
Result<std::string> makeLogExtension(std::uint64_t fromSize, std::uint64_t size,
                                     std::span<const std::uint64_t> ownPositions,
                                     const SubtreeHashes& hashes);

// The frontier of the new size and its checkpoint, signed by the log. Errors: EXTENSION_SHAPE (the
// hashes do not fit the sizes), CHECKPOINT_SIGNATURE (the log did not sign this: it does not extend
// what is held, or the answer was altered).
struct VerifiedExtension {
  Frontier frontier;
  std::string checkpointNote;  // signed note, as the log's `checkpoint` path serves it
};
Result<VerifiedExtension> verifyLogExtension(const Frontier& held, std::uint64_t size,
                                             std::string_view subtreeHashes,
                                             std::span<const OwnLeaf> ownLeaves,
                                             std::string_view checkpointSignature,
                                             const NoteVerifier& log);

}  // namespace doorstep::evidence
