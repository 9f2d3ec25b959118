// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/core/durations.h"
#include "shared/crypto/certificate_facts.h"
#include "sync-server/config/server_directory.h"

namespace doorstep::config {

// Names in warnings about expiring certificates, and when the warnings begin.
constexpr const char* kServerCertificate = "server's certificate";
constexpr const char* kAuthority = "certificate authority";
constexpr const char* kWebCertificate = "web certificate";

constexpr std::int64_t kCertificateWarnedMs = 30 * kDayMs;
constexpr std::int64_t kCertificateToldEveryMs = kDayMs;

// A certificate that the server presents, with what the operator must do about it.
struct CertificateState {
  std::string what;  // "server's certificate", "web certificate", "authority"
  crypto::CertificateFacts facts;
  bool expired = false;
  bool serves = true;                 // of an authority: issued the server's own certificate
  std::vector<std::string> warnings;  // sentences
};

// States of all presented certificates by the operating system's clock. Thread: any.
Result<std::vector<CertificateState>> certificateStates(const ServerDirectory& directory,
                                                        std::int64_t nowUnixMs);
// Error FAILED_PRECONDITION (CERTIFICATE_EXPIRED); its text says what to do.
Status refuseExpired(const std::vector<CertificateState>& states);

}  // namespace doorstep::config
