// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/crypto/certificates.h"
#include "sync-server/identity/caller.h"
#include "sync-server/storage/storage.h"

namespace doorstep::identity {

// Enrolment of a carer's phone as a device (enrolment.v1). The office creates a one-time code; the
// phone exchanges it, a certificate request and its signing key for a certificate of our authority.
// The database stores the code's hash. A crash leaves a code used together with its device, or
// neither. Thread: the connection's.

struct EnrolmentCode {
  std::string code;  // shown once, never stored or logged
  std::int64_t expiresUnixMs = 0;
};
// Invalidates the carer's unused earlier codes and deletes those that ended long ago; the answer to
// a used code is kept for kEnrolRepeatMs only. Runs inside a write job.
Result<EnrolmentCode> createEnrolmentCode(sql::Database& database, ProviderId provider,
                                          CarerId carer, std::int64_t nowUnixMs, IdSource& ids);
Result<EnrolmentCode> createEnrolmentCode(storage::Storage& storage, ProviderId provider,
                                          CarerId carer, std::int64_t nowUnixMs, IdSource& ids);

struct EnrolAttempt {
  std::string code;
  std::string tlsCertificateRequest;  // PKCS#10, DER
  std::string signingPublicKey;       // SubjectPublicKeyInfo, DER
  std::string
      signingKeyProof;      // ECDSA by that key over "doorstep/enrol/v1\n" + tlsCertificateRequest
  std::string description;  // of the phone; truncated to kDescriptionBytesMax
  DeviceId continues;       // the phone's current device; absent: none
};

// Checks that need no database. Errors: INVALID_ARGUMENT (KEY_INVALID, REQUEST_INVALID).
Status checkAttempt(const EnrolAttempt& attempt);

// Signs device certificates. Validity uses the operating system's clock even when the server's
// clock is simulated, because TLS checks against that one.
struct DeviceIssuer {
  const crypto::Certificate& authority;
  const crypto::P256PrivateKey& authorityKey;
  const Clock& certificateClock;
};
// The device's certificate, then its issuer's, PEM; it expires no later than the issuer's. Errors:
// REQUEST_INVALID, CERTIFICATE_INVALID, AUTHORITY_EXPIRED.
Result<std::string> issueChain(const DeviceIssuer& issuer, std::string_view requestDer,
                               DeviceId device);

struct EnrolledDevice {
  DeviceId device;
  ProviderId provider;
  CarerId carer;
  std::string certificateChainPem;  // device's first, then its issuer's
};

// Runs inside a write job, after checkAttempt. A device that proves its signing key keeps its
// identity with the new certificate, unless it is revoked or the code is for another carer; in any
// other case the phone becomes a new device. A repeated attempt gets the same answer for
// kEnrolRepeatMs. Errors: PERMISSION_DENIED (CODE_UNKNOWN, CODE_USED, CODE_EXPIRED),
// INVALID_ARGUMENT (REQUEST_INVALID).
Result<EnrolledDevice> enrol(sql::Database& database, const EnrolAttempt& attempt,
                             const DeviceIssuer& issuer, const Clock& clock, IdSource& ids);
Result<EnrolledDevice> enrol(storage::Storage& storage, const EnrolAttempt& attempt,
                             const DeviceIssuer& issuer, const Clock& clock, IdSource& ids);

}  // namespace doorstep::identity
