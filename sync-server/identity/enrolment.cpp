// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/enrolment.h"

#include <algorithm>
#include <array>

#include "shared/core/bytes.h"
#include "shared/crypto/certificate_facts.h"
#include "shared/crypto/sha256.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/identity/limits.h"

namespace doorstep::identity {
namespace {

Hash codeHash(std::string_view code) {
  return crypto::sha256({"doorstep/enrolment-code/v1\n", code});
}

// Defines "the same request with the same keys".
Hash attemptHash(const EnrolAttempt& attempt) {
  return crypto::sha256({bigEndian64(attempt.tlsCertificateRequest.size()),
                         attempt.tlsCertificateRequest, attempt.signingPublicKey});
}

Error refused(const char* reason) {
  return {ErrorCode::PermissionDenied, reason, "the enrolment code"};
}

struct CodeRow {
  ProviderId provider;
  CarerId carer;
};

// The row of a usable code, or the device that it has just made.
struct FoundCode {
  CodeRow row;
  bool repeated = false;
  EnrolledDevice answered;
};

Result<FoundCode> findCode(sql::Database& database, const EnrolAttempt& attempt,
                           std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
SELECT provider_id, carer_id, expires_unix_ms, used_unix_ms, request_hash, device_id,
  certificate_chain
FROM enrolment_code WHERE code_hash = ?)sql"));
  const Hash hash = codeHash(attempt.code);
  row.bindBlob(0, hash.view());
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return refused("CODE_UNKNOWN");
  FoundCode code;
  code.row = {ProviderId(row.columnId(0)), CarerId(row.columnId(1))};
  if (row.columnIsNull(3)) {
    if (nowUnixMs >= row.columnInt(2))
      return refused("CODE_EXPIRED");
    return code;
  }
  const bool same = row.columnBlob(4) == attemptHash(attempt).view();
  if (!same || nowUnixMs >= row.columnInt(3) + kEnrolRepeatMs)
    return refused("CODE_USED");
  code.repeated = true;
  code.answered = {DeviceId(row.columnId(5)), code.row.provider, code.row.carer, row.columnText(6)};
  return code;
}

Status markUsed(sql::Database& database, const EnrolAttempt& attempt,
                const EnrolledDevice& enrolled, std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
UPDATE enrolment_code SET used_unix_ms = ?, request_hash = ?, device_id = ?, certificate_chain = ?
WHERE code_hash = ?)sql"));
  const Hash request = attemptHash(attempt);
  const Hash hash = codeHash(attempt.code);
  row.bind(0, nowUnixMs).bindBlob(1, request.view()).bindId(2, enrolled.device.value);
  return row.bindText(3, enrolled.certificateChainPem).bindBlob(4, hash.view()).run();
}

// Whether the phone is the device it claims to be: checkAttempt verified its signing key.
Result<bool> goesOn(sql::Database& database, const EnrolAttempt& attempt, const CodeRow& code) {
  if (!attempt.continues)
    return false;
  const auto known = device(database, attempt.continues);
  if (!known.ok())
    return known.error().code == ErrorCode::NotFound ? Result<bool>(false) : known.error();
  return known->kind == DeviceKind::Phone && !known->revokedUnixMs &&
         known->provider == code.provider && known->carer == code.carer &&
         known->signingKeySpki == attempt.signingPublicKey;
}

// Descriptions come from devices and are shown to the office: keeps printable ASCII only.
std::string cleanDescription(std::string_view text) {
  std::string clean;
  for (const char c : text.substr(0, kDescriptionBytesMax))
    if (c >= 0x20 && c < 0x7F)
      clean.push_back(c);
  return clean;
}

}  // namespace

Result<EnrolmentCode> createEnrolmentCode(sql::Database& database, ProviderId provider,
                                          CarerId carer, std::int64_t nowUnixMs, IdSource& ids) {
  // Without an index: the table has the codes of about five weeks.
  DOORSTEP_ASSIGN(auto old,
                  database.prepare("DELETE FROM enrolment_code WHERE expires_unix_ms < ?"));
  DOORSTEP_TRY(old.bind(0, nowUnixMs - kEndedCodeKeptMs).run());
  DOORSTEP_ASSIGN(auto ended, database.prepare("DELETE FROM enrolment_code WHERE provider_id = ? "
                                               "AND carer_id = ? AND used_unix_ms IS NULL"));
  DOORSTEP_TRY(ended.bindId(0, provider.value).bindId(1, carer.value).run());
  std::array<std::uint8_t, kCodeRandomBytes> random{};
  ids.fillRandom(random);
  const EnrolmentCode code{toHex({reinterpret_cast<const char*>(random.data()), random.size()}),
                           nowUnixMs + kCodeAgeMs};
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
INSERT INTO enrolment_code (code_hash, provider_id, carer_id, expires_unix_ms)
  VALUES (?, ?, ?, ?))sql"));
  const Hash hash = codeHash(code.code);
  row.bindBlob(0, hash.view()).bindId(1, provider.value).bindId(2, carer.value);
  DOORSTEP_TRY(row.bind(3, code.expiresUnixMs).run());
  return code;
}

Result<EnrolmentCode> createEnrolmentCode(storage::Storage& storage, ProviderId provider,
                                          CarerId carer, std::int64_t nowUnixMs, IdSource& ids) {
  return storage.writeWithAnswer<EnrolmentCode>([&](sql::Database& database) {
    return createEnrolmentCode(database, provider, carer, nowUnixMs, ids);
  });
}

Status checkAttempt(const EnrolAttempt& attempt) {
  const Error keyInvalid{ErrorCode::InvalidArgument, "KEY_INVALID", "the signing key or its proof"};
  if (attempt.tlsCertificateRequest.empty() ||
      attempt.tlsCertificateRequest.size() > kCertificateRequestBytesMax)
    return Error{ErrorCode::InvalidArgument, "REQUEST_INVALID", "the certificate request's length"};
  if (attempt.signingPublicKey.size() > kSigningKeyBytesMax)
    return keyInvalid;
  const auto key = crypto::P256PublicKey::fromSpki(attempt.signingPublicKey);
  if (!key.ok() ||
      !key->verify("doorstep/enrol/v1\n" + attempt.tlsCertificateRequest, attempt.signingKeyProof))
    return keyInvalid;
  return kDone;
}

Result<std::string> issueChain(const DeviceIssuer& issuer, std::string_view requestDer,
                               DeviceId device) {
  DOORSTEP_ASSIGN(const auto authority, crypto::certificateFacts(issuer.authority.pem));
  const std::int64_t now = issuer.certificateClock.wallUnixMs();
  const std::int64_t days =
      std::min<std::int64_t>(kDeviceCertificateDays, (authority.endsUnixMs - now) / kDayMs);
  if (days <= 0)
    return Error{ErrorCode::FailedPrecondition, "AUTHORITY_EXPIRED", "the authority has ended"};
  DOORSTEP_ASSIGN(
      const auto certificate,
      crypto::issueDeviceCertificate(issuer.authority, issuer.authorityKey, requestDer,
                                     deviceCommonName(device), now, static_cast<int>(days)));
  return certificate.pem + issuer.authority.pem;
}

Result<EnrolledDevice> enrol(sql::Database& database, const EnrolAttempt& attempt,
                             const DeviceIssuer& issuer, const Clock& clock, IdSource& ids) {
  const std::int64_t now = clock.wallUnixMs();
  DOORSTEP_ASSIGN(const auto code, findCode(database, attempt, now));
  if (code.repeated)
    return code.answered;
  DOORSTEP_ASSIGN(const bool sameDevice, goesOn(database, attempt, code.row));
  EnrolledDevice enrolled{sameDevice ? attempt.continues : DeviceId(ids.newId(clock)),
                          code.row.provider,
                          code.row.carer,
                          {}};
  DOORSTEP_ASSIGN(enrolled.certificateChainPem,
                  issueChain(issuer, attempt.tlsCertificateRequest, enrolled.device));
  if (!sameDevice) {
    DOORSTEP_ASSIGN(const Hash fingerprint,
                    crypto::certificateFingerprint(enrolled.certificateChainPem));
    DOORSTEP_TRY(addDevice(
        database, {enrolled.device, enrolled.provider, enrolled.carer, attempt.signingPublicKey,
                   fingerprint, cleanDescription(attempt.description), now, std::nullopt}));
  }
  DOORSTEP_TRY(markUsed(database, attempt, enrolled, now));
  return enrolled;
}

Result<EnrolledDevice> enrol(storage::Storage& storage, const EnrolAttempt& attempt,
                             const DeviceIssuer& issuer, const Clock& clock, IdSource& ids) {
  return storage.writeWithAnswer<EnrolledDevice>(
      [&](sql::Database& database) { return enrol(database, attempt, issuer, clock, ids); });
}

}  // namespace doorstep::identity
