// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/log_extension.h"

namespace doorstep::evidence {
namespace {

Error extensionShape(const char* text) {
  return {ErrorCode::InvalidArgument, "EXTENSION_SHAPE", text};
}

}  // namespace

Result<std::string> makeLogExtension(std::uint64_t fromSize, std::uint64_t size,
                                     std::span<const std::uint64_t> ownPositions,
                                     const SubtreeHashes& hashes) {
  std::string bytes;
  std::uint64_t begin = fromSize;
  const auto cover = [&](std::uint64_t end) -> Status {
    for (const Subtree& part : coveringSubtrees(begin, end)) {
      DOORSTEP_ASSIGN(const Hash hash, hashes(part));
      bytes += hash.view();
    }
    return kDone;
  };
  for (const std::uint64_t position : ownPositions) {
    if (position < begin || position >= size)
      return extensionShape("an own position is not in what is new, or out of order");
    DOORSTEP_TRY(cover(position));
    begin = position + 1;
  }
  DOORSTEP_TRY(cover(size));
  return bytes;
}

Result<VerifiedExtension> verifyLogExtension(const Frontier& held, std::uint64_t size,
                                             std::string_view subtreeHashes,
                                             std::span<const OwnLeaf> ownLeaves,
                                             std::string_view checkpointSignature,
                                             const NoteVerifier& log) {
  if (size < held.size())
    return extensionShape("the log is shorter than what is held");
  VerifiedExtension verified{held, {}};
  std::string_view left = subtreeHashes;
  const auto cover = [&](std::uint64_t end) -> Status {
    for (const Subtree& part : coveringSubtrees(verified.frontier.size(), end)) {
      if (left.size() < 32)
        return extensionShape("hashes are missing");
      DOORSTEP_ASSIGN(const Hash hash, hashFromBytes(left.substr(0, 32)));
      left.remove_prefix(32);
      DOORSTEP_TRY(verified.frontier.appendSubtree(part.level, hash));
    }
    return kDone;
  };
  for (const OwnLeaf& own : ownLeaves) {
    if (own.position < verified.frontier.size() || own.position >= size)
      return extensionShape("an own position is not in what is new, or out of order");
    DOORSTEP_TRY(cover(own.position));
    verified.frontier.append(own.leaf);
  }
  DOORSTEP_TRY(cover(size));
  if (!left.empty())
    return extensionShape("there are more hashes than the sizes need");
  const std::string text = checkpointText({log.name(), size, verified.frontier.root()});
  if (!log.verify(text, checkpointSignature))
    return Error{ErrorCode::DataLoss, "CHECKPOINT_SIGNATURE",
                 "the log did not sign what follows from what is held"};
  verified.checkpointNote = writeNote(text, log, checkpointSignature);
  return verified;
}

}  // namespace doorstep::evidence
