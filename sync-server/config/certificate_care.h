// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/crypto/certificate_facts.h"
#include "sync-server/config/server_directory.h"

namespace doorstep::config {

// What is said of a certificate before it ends, and from when on it is said.
constexpr const char* kServerCertificate = "server's certificate";
constexpr const char* kAuthority = "certificate authority";
constexpr const char* kWebCertificate = "web certificate";

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kCertificateWarnedMs = 30 * kDayMs;
constexpr std::int64_t kCertificateToldEveryMs = kDayMs;

// A certificate that the server shows, with what the operator must do about it.
struct CertificateState {
  std::string what;  // "server's certificate", "web certificate", "authority"
  crypto::CertificateFacts facts;
  bool expired = false;
  bool serves = true;                 // of an authority: it issued the server's own certificate
  std::vector<std::string> warnings;  // sentences
};

// Of each certificate that the server shows, by the operating system's clock. Thread: any.
Result<std::vector<CertificateState>> certificateStates(const ServerDirectory& directory,
                                                        std::int64_t nowUnixMs);
// Error FAILED_PRECONDITION (CERTIFICATE_EXPIRED) with what to do.
Status refuseExpired(const std::vector<CertificateState>& states);

}  // namespace doorstep::config
