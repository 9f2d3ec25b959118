// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/core/strong_id.h"
#include "shared/crypto/keys.h"
#include "shared/evidence/checkpoint.h"

namespace doorstep::event_log {

// The name of a provider's log, "<host>/log/<provider id>": its checkpoints' origin and key name.
std::string logOrigin(const std::string& host, ProviderId provider);

// One key signs for all logs of a server; the log's name distinguishes them, and the key id depends
// on it. Thread: any.
class LogSigners {
 public:
  LogSigners(std::string host, crypto::Ed25519PrivateKey key)
      : host_(std::move(host)), key_(std::move(key)) {}
  evidence::NoteSigner signer(ProviderId provider) const {
    return {logOrigin(host_, provider), key_};
  }
  // The key with which an enrolled phone verifies (signed-note vkey).
  std::string verifierKey(ProviderId provider) const { return signer(provider).verifier().vkey(); }

 private:
  std::string host_;
  crypto::Ed25519PrivateKey key_;
};

}  // namespace doorstep::event_log
