// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/bytes.h"
#include "shared/core/result.h"

namespace doorstep::crypto {

// SHA-256 (FIPS 180-4) whose state can be kept and taken up again, so that who writes a long file
// in several calls knows the hash of the whole without reading what was written before. A kept
// state says something of what was hashed: keep it where the bytes may be seen. Thread: one.
class ResumableSha256 {
 public:
  ResumableSha256();

  void add(std::string_view bytes);
  // Of all bytes until now; more may follow.
  Hash hash() const;

  // Eight words of the chaining value and the number of bytes, big endian, and the bytes of the
  // unfinished block: 40 to 103 bytes.
  std::string save() const;
  // Error: INVALID_ARGUMENT (HASH_STATE_FORMAT).
  static Result<ResumableSha256> load(std::string_view state);

 private:
  std::uint32_t chain_[8];
  std::uint64_t bytes_ = 0;
  std::string block_;  // unfinished, at most 63 bytes
};

}  // namespace doorstep::crypto
