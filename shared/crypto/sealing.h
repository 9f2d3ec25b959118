// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/id_source.h"
#include "shared/core/result.h"

namespace doorstep::crypto {

using SecretKey = std::array<std::uint8_t, 32>;

// AES-256-GCM. Sealed bytes: 12 random nonce, ciphertext, 16 tag. context is authenticated, not
// kept: it binds the bytes to their place (a table and a key), so that rows cannot be swapped.
std::string seal(const SecretKey& key, std::string_view context, std::string_view plain,
                 IdSource& ids);
// Error SEAL_BROKEN: wrong key, wrong place or altered.
Result<std::string> open(const SecretKey& key, std::string_view context, std::string_view sealed);

// scrypt (RFC 7914). Cost is 2^logN with r = 8, p = 1: 16 takes about 180 ms and 64 MiB, on
// purpose.
struct ScryptCost {
  int logN = 16;
};
SecretKey scrypt(std::string_view secret, std::string_view salt, ScryptCost cost);

// HKDF-SHA-256 (RFC 5869) of several secrets, length-prefixed, to one key.
SecretKey deriveKey(std::initializer_list<std::string_view> secrets, std::string_view purpose);

// Compares without telling by time where two secrets differ.
bool equalSecrets(std::string_view a, std::string_view b);

}  // namespace doorstep::crypto
