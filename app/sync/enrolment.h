// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/wire/enrolment_text.h"

namespace doorstep::sync {

// What makes a phone a device: all that an exchange needs except the signing key.
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
  // First anchor of trusted time: the server's clock in the answer, and when it was received.
  std::int64_t serverUnixMs = 0;
  std::uint32_t replyBoot = 0;
  std::uint64_t replyBootMs = 0;
  // SHA-256 of the enrolled signing key's SubjectPublicKeyInfo; empty: enrolled with release 0.1.0.
  // Signatures of another key do not count.
  std::string signingKeyHash;
  // The pair before the last renewal (certificate_renewal.h), in case a server does not accept the
  // newer one. Empty: never renewed.
  std::string previousCertificateChainPem;
  std::string previousTlsKeyPem;
};

// TLS key and certificate request of a phone that is not a device yet. Stored together: after a
// lost answer the server answers only the identical request, and a new signature would change it.
struct TlsApplicant {
  std::string keyPem;
  std::string requestDer;  // PKCS#10
  DeviceId continues;      // the current device of this phone; absent: none
};

// Format of the file in the phone's folder, before sealing. Errors: ENROLMENT_DAMAGED;
// ENROLMENT_NEWER (FailedPrecondition) for a file of a later release.
std::string encodeEnrolment(const Enrolment& enrolment);
Result<Enrolment> decodeEnrolment(std::string_view bytes);

}  // namespace doorstep::sync
