// SPDX-License-Identifier: Apache-2.0
#include "app/sync/enrolment.h"

#include <string_view>

#include "doorstep/enrolment/v1/kept_enrolment.pb.h"
#include "shared/core/bytes.h"

namespace doorstep::sync {
namespace {

constexpr std::string_view kAnyVersion = "doorstep/enrolment/v";
// Followed by an encoded enrolment.v1.KeptEnrolment.
constexpr std::string_view kVersion = "doorstep/enrolment/v4\n";
// Until 0.2: each field as its length (8 bytes, big-endian) and its bytes; a number is 8 bytes.
// Version 1, of release 0.1.0, ends before signingKeyHash; version 2 before the previous pair.
constexpr std::string_view kVersion1 = "doorstep/enrolment/v1\n";
constexpr std::string_view kVersion2 = "doorstep/enrolment/v2\n";
constexpr std::string_view kVersion3 = "doorstep/enrolment/v3\n";

class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}
  bool whole() const { return whole_ && left_.empty(); }

  void get(std::string& field) { field = next(); }
  template <typename Number>
  void getNumber(Number& number) {
    const std::string_view field = next();
    whole_ = whole_ && field.size() == 8;
    number = static_cast<Number>(whole_ ? fromBigEndian(field) : 0);
  }

 private:
  std::string_view next() {
    whole_ = whole_ && left_.size() >= 8;
    const std::uint64_t length = whole_ ? fromBigEndian(left_.substr(0, 8)) : 0;
    whole_ = whole_ && left_.size() - 8 >= length;
    if (!whole_)
      return {};
    const std::string_view field = left_.substr(8, length);
    left_.remove_prefix(8 + length);
    return field;
  }

  std::string_view left_;
  bool whole_ = true;
};

const Error kDamaged{ErrorCode::DataLoss, "ENROLMENT_DAMAGED", "not what was written"};

Result<Enrolment> decodeOlder(std::string_view version, std::string_view bytes) {
  Enrolment enrolment;
  Reader reader(bytes.substr(version.size()));
  reader.get(enrolment.host);
  reader.getNumber(enrolment.port);
  reader.get(enrolment.authorityPem);
  reader.get(enrolment.certificateChainPem);
  reader.get(enrolment.tlsKeyPem);
  reader.getNumber(enrolment.device.value);
  reader.get(enrolment.logVerifierKey);
  reader.getNumber(enrolment.provider.value);
  reader.get(enrolment.providerName);
  reader.getNumber(enrolment.carer.value);
  reader.get(enrolment.carerName);
  reader.getNumber(enrolment.serverUnixMs);
  reader.getNumber(enrolment.replyBoot);
  reader.getNumber(enrolment.replyBootMs);
  if (version != kVersion1)
    reader.get(enrolment.signingKeyHash);
  if (version == kVersion3) {
    reader.get(enrolment.previousCertificateChainPem);
    reader.get(enrolment.previousTlsKeyPem);
  }
  if (!reader.whole())
    return kDamaged;
  return enrolment;
}

Result<Enrolment> decodeKept(std::string_view bytes) {
  doorstep::enrolment::v1::KeptEnrolment kept;
  if (!kept.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      kept.port() > UINT16_MAX)
    return kDamaged;
  Enrolment enrolment;
  enrolment.host = kept.host();
  enrolment.port = static_cast<std::uint16_t>(kept.port());
  enrolment.authorityPem = kept.authority_pem();
  enrolment.certificateChainPem = kept.certificate_chain_pem();
  enrolment.tlsKeyPem = kept.tls_key_pem();
  enrolment.device = DeviceId(kept.device_id());
  enrolment.logVerifierKey = kept.log_verifier_key();
  enrolment.provider = ProviderId(kept.provider_id());
  enrolment.providerName = kept.provider_name();
  enrolment.carer = CarerId(kept.carer_id());
  enrolment.carerName = kept.carer_name();
  enrolment.serverUnixMs = kept.server_unix_ms();
  enrolment.replyBoot = kept.reply_boot();
  enrolment.replyBootMs = kept.reply_boot_ms();
  enrolment.signingKeyHash = kept.signing_key_hash();
  enrolment.previousCertificateChainPem = kept.previous_certificate_chain_pem();
  enrolment.previousTlsKeyPem = kept.previous_tls_key_pem();
  return enrolment;
}

}  // namespace

std::string encodeEnrolment(const Enrolment& enrolment) {
  doorstep::enrolment::v1::KeptEnrolment kept;
  kept.set_host(enrolment.host);
  kept.set_port(enrolment.port);
  kept.set_authority_pem(enrolment.authorityPem);
  kept.set_certificate_chain_pem(enrolment.certificateChainPem);
  kept.set_tls_key_pem(enrolment.tlsKeyPem);
  kept.set_device_id(enrolment.device.value);
  kept.set_log_verifier_key(enrolment.logVerifierKey);
  kept.set_provider_id(enrolment.provider.value);
  kept.set_provider_name(enrolment.providerName);
  kept.set_carer_id(enrolment.carer.value);
  kept.set_carer_name(enrolment.carerName);
  kept.set_server_unix_ms(enrolment.serverUnixMs);
  kept.set_reply_boot(enrolment.replyBoot);
  kept.set_reply_boot_ms(enrolment.replyBootMs);
  kept.set_signing_key_hash(enrolment.signingKeyHash);
  kept.set_previous_certificate_chain_pem(enrolment.previousCertificateChainPem);
  kept.set_previous_tls_key_pem(enrolment.previousTlsKeyPem);
  return std::string(kVersion) + kept.SerializeAsString();
}

Result<Enrolment> decodeEnrolment(std::string_view bytes) {
  if (bytes.starts_with(kVersion))
    return decodeKept(bytes.substr(kVersion.size()));
  for (const std::string_view version : {kVersion1, kVersion2, kVersion3})
    if (bytes.starts_with(version))
      return decodeOlder(version, bytes);
  return bytes.starts_with(kAnyVersion)
             ? Error{ErrorCode::FailedPrecondition, "ENROLMENT_NEWER", "of a later release"}
             : kDamaged;
}

}  // namespace doorstep::sync
