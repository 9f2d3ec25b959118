// SPDX-License-Identifier: Apache-2.0
#include "app/sync/enrolment.h"

#include <string_view>

#include "shared/core/bytes.h"

namespace doorstep::sync {
namespace {

// Version, then each field as its length (8 bytes, big-endian) and its bytes; a number is 8 bytes.
// Version 1, of release 0.1.0, ends before signingKeyHash; version 2 before the previous pair, and
// is still written while there is none.
constexpr std::string_view kAnyVersion = "doorstep/enrolment/v";
constexpr std::string_view kVersion1 = "doorstep/enrolment/v1\n";
constexpr std::string_view kVersion2 = "doorstep/enrolment/v2\n";
constexpr std::string_view kVersion = "doorstep/enrolment/v3\n";

void put(std::string& out, std::string_view field) {
  out += bigEndian64(field.size());
  out += field;
}

void put(std::string& out, std::uint64_t number) {
  put(out, std::string_view(bigEndian64(number)));
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}
  bool whole() const { return whole_ && left_.empty(); }

  void get(std::string& field) { field = next(); }
  template <typename Number>
  void getNumber(Number& number) {
    const std::string_view field = next();
    whole_ = whole_ && field.size() == 8;
    number = static_cast<Number>(whole_ ? readNumber(field) : 0);
  }

 private:
  static std::uint64_t readNumber(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes)
      number = number << 8 | static_cast<unsigned char>(byte);
    return number;
  }
  std::string_view next() {
    whole_ = whole_ && left_.size() >= 8;
    const std::uint64_t length = whole_ ? readNumber(left_.substr(0, 8)) : 0;
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

}  // namespace

std::string encodeEnrolment(const Enrolment& enrolment) {
  const bool renewed = !enrolment.previousCertificateChainPem.empty();
  std::string out(renewed ? kVersion : kVersion2);
  put(out, enrolment.host);
  put(out, enrolment.port);
  put(out, enrolment.authorityPem);
  put(out, enrolment.certificateChainPem);
  put(out, enrolment.tlsKeyPem);
  put(out, enrolment.device.value);
  put(out, enrolment.logVerifierKey);
  put(out, enrolment.provider.value);
  put(out, enrolment.providerName);
  put(out, enrolment.carer.value);
  put(out, enrolment.carerName);
  put(out, static_cast<std::uint64_t>(enrolment.serverUnixMs));
  put(out, enrolment.replyBoot);
  put(out, enrolment.replyBootMs);
  put(out, enrolment.signingKeyHash);
  if (renewed) {
    put(out, enrolment.previousCertificateChainPem);
    put(out, enrolment.previousTlsKeyPem);
  }
  return out;
}

Result<Enrolment> decodeEnrolment(std::string_view bytes) {
  const Error damaged{ErrorCode::DataLoss, "ENROLMENT_DAMAGED", "not what was written"};
  const bool first = bytes.starts_with(kVersion1);
  const bool renewed = bytes.starts_with(kVersion);
  if (!first && !renewed && !bytes.starts_with(kVersion2))
    return bytes.starts_with(kAnyVersion)
               ? Error{ErrorCode::FailedPrecondition, "ENROLMENT_NEWER", "of a later release"}
               : damaged;
  Enrolment enrolment;
  Reader reader(bytes.substr(kVersion.size()));
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
  if (!first)
    reader.get(enrolment.signingKeyHash);
  if (renewed) {
    reader.get(enrolment.previousCertificateChainPem);
    reader.get(enrolment.previousTlsKeyPem);
  }
  if (!reader.whole())
    return damaged;
  return enrolment;
}

}  // namespace doorstep::sync
