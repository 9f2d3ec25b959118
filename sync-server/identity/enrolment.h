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

// How a carer's phone becomes a device (enrolment.v1). The office makes a one-time code; the phone
// trades it, with a certificate request and its signing key, for a certificate of our authority.
// The code stands in the database as a hash. A crash leaves a code used with its device, or
// neither. Thread: the connection's.

struct EnrolmentCode {
  std::string code;  // shown once, never kept, never logged
  std::int64_t expiresUnixMs = 0;
};
// Ends the carer's earlier codes that were not used, and forgets all that ended long ago: what was
// answered to a used one is needed for kEnrolRepeatMs only. Inside a write job.
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
  std::string description;  // of the phone; cut to kDescriptionBytesMax
  DeviceId continues;       // the device that it is already; none: it is none
};

// What can be said without the database. Errors: INVALID_ARGUMENT (KEY_INVALID, REQUEST_INVALID).
Status checkAttempt(const EnrolAttempt& attempt);

// Signs device certificates. Validity is by the operating system's clock whatever the server's is:
// TLS checks it against nothing else.
struct DeviceIssuer {
  const crypto::Certificate& authority;
  const crypto::P256PrivateKey& authorityKey;
  const Clock& certificateClock;
};
// The device's certificate, then its issuer's, PEM; it never outlives the issuer. Errors:
// REQUEST_INVALID, CERTIFICATE_INVALID, AUTHORITY_EXPIRED.
Result<std::string> issueChain(const DeviceIssuer& issuer, std::string_view requestDer,
                               DeviceId device);

struct EnrolledDevice {
  DeviceId device;
  ProviderId provider;
  CarerId carer;
  std::string certificateChainPem;  // the device's, then its issuer's
};

// Inside a write job, after checkAttempt. A device that proves its signing key goes on as itself
// under another certificate, unless it is revoked or the code is for another carer: then it becomes
// another device, as everybody else does. The same attempt is answered again for kEnrolRepeatMs.
// Errors: PERMISSION_DENIED (CODE_UNKNOWN, CODE_USED, CODE_EXPIRED), INVALID_ARGUMENT
// (REQUEST_INVALID).
Result<EnrolledDevice> enrol(sql::Database& database, const EnrolAttempt& attempt,
                             const DeviceIssuer& issuer, const Clock& clock, IdSource& ids);
Result<EnrolledDevice> enrol(storage::Storage& storage, const EnrolAttempt& attempt,
                             const DeviceIssuer& issuer, const Clock& clock, IdSource& ids);

}  // namespace doorstep::identity
