// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep {

// Byte strings are std::string, as in protobuf; views of them are std::string_view.

// A SHA-256 digest.
struct Hash {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Hash&) const = default;
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

// Error HASH_LENGTH when the input is not 32 bytes.
Result<Hash> hashFromBytes(std::string_view bytes);

std::string toHex(std::string_view bytes);
// Standard alphabet with padding (RFC 4648 §4). The decoder accepts nothing else. Error
// BASE64_INVALID.
std::string toBase64(std::string_view bytes);
Result<std::string> fromBase64(std::string_view text);

// 8 bytes, big-endian.
std::string bigEndian64(std::uint64_t value);
// Decodes 0 to 8 bytes, big-endian; an empty input is 0.
std::uint64_t fromBigEndian(std::string_view bytes);

}  // namespace doorstep
