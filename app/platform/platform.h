// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/core/result.h"

namespace doorstep::platform {

// What the phone's core needs from the device: implemented on Android by Keystore and location
// service, on a desktop by files (desktop_platform.h), in tests by fakes.h. Any of it may be
// missing or fail. No failure blocks recording, not even of the signer: an event is durable before
// its entry is signed.

// A secret bound to the device: 32 bytes, created at the first call, released by the key store to
// this process only. It and the PIN together open sealed data, so the PIN alone is useless
// elsewhere. Thread: the journal's worker.
class SecretStore {
 public:
  virtual ~SecretStore() = default;
  virtual Result<std::string> secret() = 0;
};

// The key that signs entries, P-256, kept in the key store. Thread: the journal's worker.
class DeviceSigner {
 public:
  virtual ~DeviceSigner() = default;
  // SubjectPublicKeyInfo, DER. Creates the key at the first call.
  virtual Result<std::string> publicKeySpki() = 0;
  // 64 bytes, r and s.
  virtual Result<std::string> sign(std::string_view message) = 0;
};

// A position. It stays on the phone: an event holds only the distance.
struct Fix {
  double latitudeDeg = 0;  // WGS 84
  double longitudeDeg = 0;
  std::uint32_t accuracyM = 0;    // radius of 68 % confidence
  std::uint64_t takenBootMs = 0;  // Clock::bootMs when taken
};

// Returns the newest available fix. Never waits for one. Thread: the journal's worker.
class FixSource {
 public:
  virtual ~FixSource() = default;
  virtual std::optional<Fix> newestFix() = 0;
};

// The device's parts, passed on from main. They outlive everything that uses them.
struct Platform {
  Clock& clock;
  IdSource& ids;
  SecretStore& secrets;
  DeviceSigner& signer;
  FixSource& fixes;
};

}  // namespace doorstep::platform
