// SPDX-License-Identifier: Apache-2.0
// The library's functions of before its version 3: newer ones keep their state to themselves.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "shared/crypto/resumable_sha256.h"

#include <openssl/sha.h>

#include <algorithm>
#include <cstddef>

#include "shared/core/check.h"

namespace doorstep::crypto {
namespace {

constexpr std::size_t kBlockBytes = SHA256_CBLOCK;
constexpr std::size_t kWords = 8;
constexpr std::size_t kHeadBytes = kWords * 4 + 8;

SHA256_CTX contextOf(const std::uint32_t (&chain)[kWords], std::uint64_t bytes) {
  SHA256_CTX context;
  DOORSTEP_CHECK(SHA256_Init(&context) == 1);
  std::copy(std::begin(chain), std::end(chain), context.h);
  context.Nl = static_cast<SHA_LONG>(bytes << 3);
  context.Nh = static_cast<SHA_LONG>(bytes >> 29);
  return context;
}

}  // namespace

ResumableSha256::ResumableSha256() {
  SHA256_CTX context;
  DOORSTEP_CHECK(SHA256_Init(&context) == 1);
  std::copy(std::begin(context.h), std::end(context.h), chain_);
}

void ResumableSha256::add(std::string_view bytes) {
  SHA256_CTX context = contextOf(chain_, bytes_ - block_.size());
  bytes_ += bytes.size();
  const auto update = [&](std::string_view some) {
    DOORSTEP_CHECK(SHA256_Update(&context, some.data(), some.size()) == 1);
  };
  if (!block_.empty()) {
    const std::string_view head = bytes.substr(0, kBlockBytes - block_.size());
    block_ += head;
    bytes.remove_prefix(head.size());
    if (block_.size() < kBlockBytes)
      return;
    update(block_);
    block_.clear();
  }
  const std::size_t whole = bytes.size() / kBlockBytes * kBlockBytes;
  update(bytes.substr(0, whole));
  block_ = bytes.substr(whole);
  std::copy(std::begin(context.h), std::end(context.h), chain_);
}

Hash ResumableSha256::hash() const {
  SHA256_CTX context = contextOf(chain_, bytes_ - block_.size());
  DOORSTEP_CHECK(SHA256_Update(&context, block_.data(), block_.size()) == 1);
  Hash hash;
  DOORSTEP_CHECK(SHA256_Final(hash.bytes.data(), &context) == 1);
  return hash;
}

std::string ResumableSha256::save() const {
  std::string state;
  for (const std::uint32_t word : chain_)
    for (int shift = 24; shift >= 0; shift -= 8)
      state += static_cast<char>(word >> shift);
  return state + bigEndian64(bytes_) + block_;
}

Result<ResumableSha256> ResumableSha256::load(std::string_view state) {
  const Error wrong{ErrorCode::InvalidArgument, "HASH_STATE_FORMAT", "no state of a hash"};
  if (state.size() < kHeadBytes)
    return wrong;
  const auto byteAt = [&](std::size_t at) { return static_cast<unsigned char>(state[at]); };
  ResumableSha256 hash;
  for (std::size_t i = 0; i < kWords; ++i) {
    hash.chain_[i] = 0;
    for (std::size_t k = 0; k < 4; ++k)
      hash.chain_[i] = hash.chain_[i] << 8 | byteAt(i * 4 + k);
  }
  for (std::size_t at = kWords * 4; at < kHeadBytes; ++at)
    hash.bytes_ = hash.bytes_ << 8 | byteAt(at);
  hash.block_ = state.substr(kHeadBytes);
  if (hash.block_.size() != hash.bytes_ % kBlockBytes)
    return wrong;
  return hash;
}

}  // namespace doorstep::crypto
