// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/crypto/sealing.h"
#include "sync-server/config/server_directory.h"

namespace doorstep::config {

// Secrets that follow from the log's: they live as long as the server's identity, and tell nothing
// about it. `serve` and `export` must have the same ones. Thread: any.

// Vouches for page tokens.
inline crypto::SecretKey pageKey(const ServerKeys& keys) {
  return crypto::deriveKey({keys.logKey.raw()}, "doorstep/pages/v1");
}
// Names carers towards councils.
inline crypto::SecretKey pseudonymKey(const ServerKeys& keys) {
  return crypto::deriveKey({keys.logKey.raw()}, "doorstep/pseudonyms/v1");
}

}  // namespace doorstep::config
