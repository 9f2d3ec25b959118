// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/crypto/sealing.h"
#include "sync-server/config/server_directory.h"

namespace doorstep::config {

// Secrets derived from the log's key: as long-lived as the server's identity, and they reveal
// nothing about it. `serve` and `export` must derive the same ones. Thread: any.

// Authenticates page tokens.
inline crypto::SecretKey pageKey(const ServerKeys& keys) {
  return crypto::deriveKey({keys.logKey.raw()}, "doorstep/pages/v1");
}
// Derives the carers' pseudonyms for councils.
inline crypto::SecretKey pseudonymKey(const ServerKeys& keys) {
  return crypto::deriveKey({keys.logKey.raw()}, "doorstep/pseudonyms/v1");
}

}  // namespace doorstep::config
