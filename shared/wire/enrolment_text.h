// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"

namespace doorstep::wire {

// What the office hands to a phone to enrol it: printed as a QR code or pasted. Written by
// sync-server/identity, read by app/sync. Anybody who has it can enrol once, so it is shown once
// and never logged.
struct EnrolmentOffer {
  std::string host;  // of the device port
  std::uint16_t port = 0;
  std::string code;          // one-time
  std::string authorityDer;  // certificate authority that the server's certificate must chain to
  bool operator==(const EnrolmentOffer&) const = default;
};

// "doorstep-enrol:1:" + base64url without padding of enrolment.v1.EnrolmentOffer.
std::string writeEnrolmentText(const EnrolmentOffer& offer);

// Finds the text in pasted input (pasted_token.h) and decodes it; of several, the first that is
// complete. Accepts any size and any bytes; work is bounded. Errors, all InvalidArgument:
//   ENROLMENT_TEXT_INVALID    not found, or its bytes do not decode
//   ENROLMENT_TEXT_PARTIAL    its beginning or its end is missing
//   ENROLMENT_TEXT_CASE       converted to upper or lower case, so it cannot be recovered
//   ENROLMENT_TEXT_NEWER      of a later release ("doorstep-enrol:2:")
//   ENROLMENT_TEXT_OTHER_APP  a code or a link of another application
//   ENROLMENT_TEXT_TOO_LONG   not found in the first kPasteBytesMax
Result<EnrolmentOffer> parseEnrolmentText(std::string_view text);

// Message of EnrolRequest.signing_key_proof (ECDSA with SHA-256): "doorstep/enrol/v1\n" + the TLS
// certificate request. It prevents enrolment with another device's signing key.
std::string enrolmentProofMessage(std::string_view tlsCertificateRequestDer);
// Message of sync.v1.CertificateRenewal.signing_key_proof: "doorstep/renew/v1\n" + device id (8
// bytes, big-endian) + the TLS certificate request.
std::string renewalProofMessage(DeviceId device, std::string_view tlsCertificateRequestDer);

}  // namespace doorstep::wire
