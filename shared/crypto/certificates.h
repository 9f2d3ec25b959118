// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/crypto/keys.h"

namespace doorstep::crypto {

// X.509 with P-256 keys: what a server's certificate authority and its devices need. TLS checks
// validity against the operating system's clock, never a simulated one. Thread: any.

struct Certificate {
  std::string pem;
};

// A self-signed authority, path length 0.
Certificate makeAuthority(const P256PrivateKey& key, std::string_view commonName,
                          std::int64_t nowUnixMs, int days);
// A server certificate for the DNS names and IP addresses.
Result<Certificate> issueServerCertificate(const Certificate& authority,
                                           const P256PrivateKey& authorityKey,
                                           const P256PrivateKey& serverKey,
                                           const std::vector<std::string>& hosts,
                                           std::int64_t nowUnixMs, int days);
// PKCS#10, DER, self-signed: proves possession of the key.
std::string makeCertificateRequest(const P256PrivateKey& key);
// A client certificate for the key of a request; the request's subject is ignored. Error
// REQUEST_INVALID.
Result<Certificate> issueDeviceCertificate(const Certificate& authority,
                                           const P256PrivateKey& authorityKey,
                                           std::string_view requestDer, std::string_view commonName,
                                           std::int64_t nowUnixMs, int days);
// SHA-256 of the DER; identifies a certificate.
Result<Hash> certificateFingerprint(std::string_view pem);
Result<std::string> certificateDer(std::string_view pem);
std::string pemFromCertificateDer(std::string_view der);

}  // namespace doorstep::crypto
