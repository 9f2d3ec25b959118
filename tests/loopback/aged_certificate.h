// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/core/durations.h"
#include "shared/crypto/certificates.h"
#include "sync-server/identity/device_registry.h"
#include "tests/support/test_server.h"

namespace doorstep::support {

// A certificate as the server issues it for the device's TLS key, made at another time.
inline std::string certificateMadeAt(const TestServer& server, DeviceId device,
                                     const std::string& tlsKeyPem, std::int64_t madeUnixMs,
                                     int days) {
  const auto& keys = server.directory().keys();
  const auto key = crypto::P256PrivateKey::fromPem(tlsKeyPem);
  const auto made = crypto::issueDeviceCertificate(
      keys.authority, keys.authorityKey, crypto::makeCertificateRequest(*key),
      identity::deviceCommonName(device), madeUnixMs, days);
  DOORSTEP_CHECK(made.ok());
  return made->pem + keys.authority.pem;
}

// Seven of its ten years have passed.
inline std::string agedCertificate(const TestServer& server, DeviceId device,
                                   const std::string& tlsKeyPem) {
  return certificateMadeAt(server, device, tlsKeyPem, SystemClock().wallUnixMs() - 7 * 365 * kDayMs,
                           3'650);
}

}  // namespace doorstep::support
