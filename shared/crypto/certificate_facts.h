// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::crypto {

// What an operator must know of a certificate, ours or one that a public authority made. Pure.
// Thread: any.

struct CertificateFacts {
  std::vector<std::string> names;  // DNS names and IP addresses that it is for
  std::int64_t beginsUnixMs = 0;
  std::int64_t endsUnixMs = 0;
  std::string commonName;  // of the subject; empty unless there is just one
};

// When a certificate of ours is due to be renewed: at two thirds of its life.
constexpr std::int64_t renewalDueUnixMs(std::int64_t beginsUnixMs, std::int64_t endsUnixMs) {
  return beginsUnixMs + (endsUnixMs - beginsUnixMs) / 3 * 2;
}

// Of the first certificate of the PEM text. Error CERTIFICATE_INVALID.
Result<CertificateFacts> certificateFacts(std::string_view pem);
// Whether a client that asks for this name or address takes it.
bool certificateCovers(std::string_view pem, const std::string& host);
// Whether the authority's key signed it.
bool certificateIssuedBy(std::string_view pem, std::string_view authorityPem);
// Whether the private key, of any kind, is the certificate's.
bool certificateFitsKey(std::string_view pem, std::string_view privateKeyPem);

}  // namespace doorstep::crypto
