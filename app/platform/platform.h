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

// What the phone's core asks of the device under it. Android gives it from Keystore and the
// location service, a desktop from files (desktop_platform.h), tests from fakes.h. Everything here
// may be missing or refuse; nothing here may block what a carer records, but for a signer that is
// gone: an event is durable before its entry is signed.

// A secret of the device that leaves its key store only into this process: 32 bytes, made at the
// first call. With the PIN it opens what is sealed; without the device the PIN is worth nothing.
class SecretStore {
 public:
  virtual ~SecretStore() = default;
  virtual Result<std::string> secret() = 0;
};

// The key that signs entries, P-256, kept in the key store. Thread: the journal's worker.
class DeviceSigner {
 public:
  virtual ~DeviceSigner() = default;
  // SubjectPublicKeyInfo, DER. Makes the key at the first call.
  virtual Result<std::string> publicKeySpki() = 0;
  // 64 bytes, r and s.
  virtual Result<std::string> sign(std::string_view message) = 0;
};

// A position. It stays on the phone: an event holds only the distance.
struct Fix {
  double latitudeDeg = 0;  // WGS 84
  double longitudeDeg = 0;
  std::uint32_t accuracyM = 0;    // radius of 68 % confidence
  std::uint64_t takenBootMs = 0;  // Clock::bootMs when it was taken
};

// The newest fix that is there. Never waits for one. Thread: the journal's worker.
class FixSource {
 public:
  virtual ~FixSource() = default;
  virtual std::optional<Fix> newestFix() = 0;
};

// The device, as main hands it on. The parts outlive everything that is built on them.
struct Platform {
  Clock& clock;
  IdSource& ids;
  SecretStore& secrets;
  DeviceSigner& signer;
  FixSource& fixes;
};

}  // namespace doorstep::platform
