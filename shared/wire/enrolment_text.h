// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"

namespace doorstep::wire {

// What the office hands to a phone to make it a device: printed as a QR code or pasted. Written by
// sync-server/identity, read by app/sync. Whoever has it can enrol once, so it is shown once and
// never logged.
struct EnrolmentOffer {
  std::string host;  // of the device port
  std::uint16_t port = 0;
  std::string code;          // one-time
  std::string authorityDer;  // certificate authority that the server's certificate must chain to
  bool operator==(const EnrolmentOffer&) const = default;
};

// "doorstep-enrol:1:" + base64url without padding of enrolment.v1.EnrolmentOffer.
std::string writeEnrolmentText(const EnrolmentOffer& offer);

// Finds the text in whatever was pasted (pasted_token.h) and reads it; of several the first that is
// whole. Any size and any bytes may be given: what is looked at is bounded. Errors, all of them
// InvalidArgument:
//   ENROLMENT_TEXT_INVALID    there is none, or its bytes mean nothing
//   ENROLMENT_TEXT_PARTIAL    its beginning or its end is missing
//   ENROLMENT_TEXT_CASE       somebody made it all capitals or all small letters: it is lost
//   ENROLMENT_TEXT_NEWER      of a later release ("doorstep-enrol:2:")
//   ENROLMENT_TEXT_OTHER_APP  a code or a link for something else
//   ENROLMENT_TEXT_TOO_LONG   there is none in the first kPasteBytesMax
Result<EnrolmentOffer> parseEnrolmentText(std::string_view text);

// What EnrolRequest.signing_key_proof signs (ECDSA with SHA-256): "doorstep/enrol/v1\n" + the TLS
// certificate request, so that nobody enrols another's signing key.
std::string enrolmentProofMessage(std::string_view tlsCertificateRequestDer);
// What sync.v1.CertificateRenewal.signing_key_proof signs: "doorstep/renew/v1\n" + device id (8
// bytes, big-endian) + the TLS certificate request.
std::string renewalProofMessage(DeviceId device, std::string_view tlsCertificateRequestDer);

}  // namespace doorstep::wire
