// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/wire/enrolment_text.h"

namespace doorstep::sync {

// What makes a phone a device: everything that an exchange needs besides the signing key.
struct Enrolment {
  std::string host;
  std::uint16_t port = 0;
  std::string authorityPem;
  std::string certificateChainPem;
  std::string tlsKeyPem;
  DeviceId device;
  std::string logVerifierKey;
  ProviderId provider;
  std::string providerName;
  CarerId carer;
  std::string carerName;
  // First anchor of trusted time: the server's clock of the answer, and when it was received.
  std::int64_t serverUnixMs = 0;
  std::uint32_t replyBoot = 0;
  std::uint64_t replyBootMs = 0;
  // SHA-256 of the signing key's SubjectPublicKeyInfo that was enrolled; empty: of a phone that was
  // enrolled with release 0.1.0. Another key signs nothing that counts.
  std::string signingKeyHash;
  // The pair before the one above, of a renewal (certificate_renewal.h): for the case that a server
  // does not take the newer one. Empty: none was renewed.
  std::string previousCertificateChainPem;
  std::string previousTlsKeyPem;
};

// The TLS key of a phone that is not a device yet, and its certificate request. Kept together: an
// answer that was lost is given again to the same request only, and a signature made anew would
// make it another.
struct TlsApplicant {
  std::string keyPem;
  std::string requestDer;  // PKCS#10
  DeviceId continues;      // the device that this phone is already; none: it is none
};

// As kept, sealed, in the phone's folder. Errors: ENROLMENT_DAMAGED; ENROLMENT_NEWER
// (FailedPrecondition) for one that a later release wrote.
std::string encodeEnrolment(const Enrolment& enrolment);
Result<Enrolment> decodeEnrolment(std::string_view bytes);

}  // namespace doorstep::sync
