// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/core/bytes.h"
#include "shared/core/strong_id.h"
#include "shared/crypto/keys.h"

namespace doorstep::evidence {

// Bytes that are hashed and signed for an entry (docs/sync-protocol.md, "Bytes that are hashed"):
//   signed message = "doorstep/entry/v1\n" + device id (8 bytes, big-endian) + encoded Entry
//   entry hash     = SHA-256(signed message)          previous_hash of the next entry
//   leaf data      = "doorstep/leaf/v1\n" + entry hash     what the log's tiles commit to
// The entry holds 16 random bytes, so leaf and tiles say nothing about it to who does not have it.

std::string signedMessage(DeviceId device, std::string_view entry);
Hash entryHash(DeviceId device, std::string_view entry);
std::string leafData(const Hash& entryHash);

}  // namespace doorstep::evidence
