// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::crypto {

// Reads what an operator needs to know of a certificate, ours or a public authority's. Pure.
// Thread: any.

struct CertificateFacts {
  std::vector<std::string> names;  // DNS names and IP addresses that it covers
  std::int64_t beginsUnixMs = 0;
  std::int64_t endsUnixMs = 0;
  std::string commonName;  // of the subject; empty unless there is exactly one
};

// Renewal of our certificates is due after two thirds of their lifetime.
constexpr std::int64_t renewalDueUnixMs(std::int64_t beginsUnixMs, std::int64_t endsUnixMs) {
  return beginsUnixMs + (endsUnixMs - beginsUnixMs) / 3 * 2;
}

// Reads the first certificate of the PEM text. Error CERTIFICATE_INVALID.
Result<CertificateFacts> certificateFacts(std::string_view pem);
// Whether the certificate is valid for this DNS name or IP address.
bool certificateCovers(std::string_view pem, const std::string& host);
// Whether the certificate is signed by the authority's key.
bool certificateIssuedBy(std::string_view pem, std::string_view authorityPem);
// Whether the private key, of any type, belongs to the certificate.
bool certificateFitsKey(std::string_view pem, std::string_view privateKeyPem);

}  // namespace doorstep::crypto
