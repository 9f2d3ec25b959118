// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep {

// Bytes travel as std::string, as protobuf has them; a view of them is a std::string_view.

// A SHA-256 value.
struct Hash {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Hash&) const = default;
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

// The 32 bytes as a Hash. Error HASH_LENGTH when there are not 32.
Result<Hash> hashFromBytes(std::string_view bytes);

std::string toHex(std::string_view bytes);
// Standard alphabet with padding (RFC 4648 §4); the decoder refuses anything else: BASE64_INVALID.
std::string toBase64(std::string_view bytes);
Result<std::string> fromBase64(std::string_view text);

// 8 bytes, big-endian.
std::string bigEndian64(std::uint64_t value);
// The number that at most 8 bytes are, big-endian; of none 0.
std::uint64_t fromBigEndian(std::string_view bytes);

}  // namespace doorstep
