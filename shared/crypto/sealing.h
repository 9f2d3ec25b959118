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

// AES-256-GCM. Format: nonce (12 random bytes), ciphertext, tag (16). context is authenticated but
// not stored: it binds the bytes to their place (table and key), so that rows cannot be swapped.
std::string seal(const SecretKey& key, std::string_view context, std::string_view plain,
                 IdSource& ids);
// Error SEAL_BROKEN: wrong key, wrong context or altered.
Result<std::string> open(const SecretKey& key, std::string_view context, std::string_view sealed);

// scrypt (RFC 7914) with r = 8, p = 1. logN 16 takes about 180 ms and 64 MiB, on purpose.
struct ScryptCost {
  int logN = 16;
};
SecretKey scrypt(std::string_view secret, std::string_view salt, ScryptCost cost);

// HKDF-SHA-256 (RFC 5869) over length-prefixed secrets.
SecretKey deriveKey(std::initializer_list<std::string_view> secrets, std::string_view purpose);

// Compares in constant time.
bool equalSecrets(std::string_view a, std::string_view b);

}  // namespace doorstep::crypto
