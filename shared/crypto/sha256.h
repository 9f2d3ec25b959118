// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string_view>

#include "shared/core/bytes.h"

namespace doorstep::crypto {

// SHA-256 of the concatenated parts. Thread: any; one reused context per thread.
Hash sha256(std::initializer_list<std::string_view> parts);
inline Hash sha256(std::string_view bytes) { return sha256({bytes}); }

// HMAC-SHA-256 (RFC 2104) of the concatenated parts. Thread: as sha256.
Hash hmacSha256(std::string_view key, std::initializer_list<std::string_view> parts);

}  // namespace doorstep::crypto
