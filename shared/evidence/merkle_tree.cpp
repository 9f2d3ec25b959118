// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/merkle_tree.h"

#include <bit>

#include "shared/crypto/sha256.h"

namespace doorstep::evidence {
namespace {

Error proofShape() {
  return {ErrorCode::InvalidArgument, "PROOF_SHAPE", "the number of hashes does not fit the sizes"};
}
Error proofRoot() {
  return {ErrorCode::InvalidArgument, "PROOF_ROOT", "the root that follows is another one"};
}

// Largest power of two below size; size must be at least 2.
std::uint64_t splitPoint(std::uint64_t size) { return std::bit_floor(size - 1); }

// Root of the leaves [begin, end), which begins at a multiple of the size of its left half.
Result<Hash> rangeRoot(std::uint64_t begin, std::uint64_t end, const SubtreeHashes& hashes) {
  const std::vector<Subtree> parts = coveringSubtrees(begin, end);
  Hash root;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    DOORSTEP_ASSIGN(const Hash hash, hashes(*part));
    root = part == parts.rbegin() ? hash : nodeHash(hash, root);
  }
  return root;
}

}  // namespace

Hash leafHash(std::string_view leafData) {
  return crypto::sha256({std::string_view("\0", 1), leafData});
}

Hash nodeHash(const Hash& left, const Hash& right) {
  return crypto::sha256({std::string_view("\1", 1), left.view(), right.view()});
}

Hash emptyRoot() { return crypto::sha256(std::string_view()); }

std::vector<Subtree> coveringSubtrees(std::uint64_t begin, std::uint64_t end) {
  std::vector<Subtree> parts;
  while (begin < end) {
    const int fits = static_cast<int>(std::bit_width(end - begin)) - 1;
    const int aligned = begin == 0 ? fits : std::countr_zero(begin);
    const int level = aligned < fits ? aligned : fits;
    parts.push_back({level, begin >> level});
    begin += std::uint64_t{1} << level;
  }
  return parts;
}

Result<Frontier> Frontier::restore(std::uint64_t size, std::vector<Hash> hashes) {
  if (hashes.size() != static_cast<std::size_t>(std::popcount(size)))
    return Error{ErrorCode::InvalidArgument, "FRONTIER_SHAPE",
                 "a frontier has one hash for each bit of its size"};
  Frontier frontier;
  frontier.size_ = size;
  frontier.hashes_ = std::move(hashes);
  return frontier;
}

Hash Frontier::root() const {
  if (hashes_.empty())
    return emptyRoot();
  Hash root = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i > 0; --i)
    root = nodeHash(hashes_[i - 1], root);
  return root;
}

void Frontier::append(const Hash& leaf) { DOORSTEP_CHECK(appendSubtree(0, leaf).ok()); }

Status Frontier::appendSubtree(int level, const Hash& hash) {
  if (level < 0 || level > 62 || (size_ & ((std::uint64_t{1} << level) - 1)) != 0)
    return Error{ErrorCode::InvalidArgument, "SUBTREE_ALIGNMENT",
                 "the subtree does not begin where the tree ends"};
  Hash merged = hash;
  for (int bit = level; (size_ >> bit & 1) != 0; ++bit) {
    merged = nodeHash(hashes_.back(), merged);
    hashes_.pop_back();
  }
  hashes_.push_back(merged);
  size_ += std::uint64_t{1} << level;
  return kDone;
}

Result<std::vector<Hash>> inclusionProof(std::uint64_t position, std::uint64_t size,
                                         const SubtreeHashes& hashes) {
  if (position >= size)
    return Error{ErrorCode::OutOfRange, "POSITION_BEYOND_SIZE",
                 "the leaf is not in a tree of this size"};
  // From the root down; the proof lists siblings from the leaf up.
  std::vector<Hash> siblings;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + splitPoint(end - begin);
    const bool right = position >= middle;
    DOORSTEP_ASSIGN(const Hash sibling,
                    right ? rangeRoot(begin, middle, hashes) : rangeRoot(middle, end, hashes));
    siblings.push_back(sibling);
    (right ? begin : end) = middle;
  }
  return std::vector<Hash>(siblings.rbegin(), siblings.rend());
}

Result<std::vector<Hash>> consistencyProof(std::uint64_t oldSize, std::uint64_t size,
                                           const SubtreeHashes& hashes) {
  if (oldSize == 0 || oldSize > size)
    return Error{ErrorCode::OutOfRange, "OLD_SIZE",
                 "there is no consistency proof between these sizes"};
  if (oldSize == size)
    return std::vector<Hash>();
  // SUBPROOF of RFC 6962 §2.1.2, from the root down to where the old tree ends.
  std::vector<Hash> found;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end != oldSize) {
    const std::uint64_t middle = begin + splitPoint(end - begin);
    const bool right = oldSize > middle;
    DOORSTEP_ASSIGN(const Hash sibling,
                    right ? rangeRoot(begin, middle, hashes) : rangeRoot(middle, end, hashes));
    found.push_back(sibling);
    (right ? begin : end) = middle;
  }
  if (begin != 0) {  // otherwise the old tree is a complete left part, whose root the verifier has
    DOORSTEP_ASSIGN(const Hash last, rangeRoot(begin, end, hashes));
    found.push_back(last);
  }
  return std::vector<Hash>(found.rbegin(), found.rend());
}

Status verifyInclusion(const Hash& leaf, std::uint64_t position, std::uint64_t size,
                       std::span<const Hash> proof, const Hash& root) {
  if (position >= size)
    return proofShape();
  Hash hash = leaf;
  std::uint64_t node = position;
  std::uint64_t last = size - 1;
  std::size_t used = 0;
  for (; last > 0; node >>= 1, last >>= 1) {
    const bool hasLeftSibling = (node & 1) != 0;
    if (!hasLeftSibling && node == last)
      continue;  // the rightmost node of an odd level moves up unpaired
    if (used == proof.size())
      return proofShape();
    hash = hasLeftSibling ? nodeHash(proof[used], hash) : nodeHash(hash, proof[used]);
    ++used;
  }
  if (used != proof.size())
    return proofShape();
  return hash == root ? Status(kDone) : Status(proofRoot());
}

Status verifyConsistency(std::uint64_t oldSize, const Hash& oldRoot, std::uint64_t size,
                         const Hash& root, std::span<const Hash> proof) {
  if (oldSize > size || oldSize == 0)
    return proofShape();
  if (oldSize == size)
    return !proof.empty()    ? Status(proofShape())
           : oldRoot == root ? Status(kDone)
                             : Status(proofRoot());
  std::uint64_t node = oldSize - 1;
  std::uint64_t last = size - 1;
  while ((node & 1) != 0) {
    node >>= 1;
    last >>= 1;
  }
  std::size_t used = 0;
  if (node != 0 && proof.empty())
    return proofShape();
  Hash oldHash = node == 0 ? oldRoot : proof[used++];
  Hash newHash = oldHash;
  for (; last > 0; node >>= 1, last >>= 1) {
    const bool hasLeftSibling = (node & 1) != 0;
    if (!hasLeftSibling && node == last)
      continue;
    if (used == proof.size())
      return proofShape();
    if (hasLeftSibling) {
      oldHash = nodeHash(proof[used], oldHash);
      newHash = nodeHash(proof[used], newHash);
    } else {
      newHash = nodeHash(newHash, proof[used]);
    }
    ++used;
  }
  if (used != proof.size())
    return proofShape();
  return oldHash == oldRoot && newHash == root ? Status(kDone) : Status(proofRoot());
}

}  // namespace doorstep::evidence
