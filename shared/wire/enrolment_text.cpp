// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/enrolment_text.h"

#include <algorithm>

#include "doorstep/enrolment/v1/enrolment_service.pb.h"
#include "shared/core/bytes.h"

namespace doorstep::wire {
namespace {

constexpr std::string_view kPrefix = "doorstep-enrol:1:";
constexpr std::string_view kWhiteSpace = " \t\r\n";
constexpr std::size_t kTextBytesMax = 8 * 1024;  // a certificate of 4 KiB and the rest
constexpr std::size_t kHostBytesMax = 253;       // a DNS name
constexpr std::size_t kCodeBytesMax = 64;
constexpr std::size_t kAuthorityBytesMax = 4 * 1024;  // P-256: about 400

Error invalid(std::string text) {
  return {ErrorCode::InvalidArgument, "ENROLMENT_TEXT_INVALID", std::move(text)};
}

std::string toBase64Url(std::string_view bytes) {
  std::string text = toBase64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

Result<std::string> fromBase64Url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos)
    return invalid("not base64url");
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  return fromBase64(standard);
}

}  // namespace

std::string writeEnrolmentText(const EnrolmentOffer& offer) {
  doorstep::enrolment::v1::EnrolmentOffer message;
  message.set_host(offer.host);
  message.set_port(offer.port);
  message.set_code(offer.code);
  message.set_authority_der(offer.authorityDer);
  return std::string(kPrefix) + toBase64Url(message.SerializeAsString());
}

Result<EnrolmentOffer> parseEnrolmentText(std::string_view text) {
  const auto first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos)
    return invalid("empty");
  text = text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
  if (text.size() > kTextBytesMax)
    return invalid("too long");
  if (!text.starts_with(kPrefix))
    return invalid("does not begin with doorstep-enrol:1:");
  auto bytes = fromBase64Url(text.substr(kPrefix.size()));
  if (!bytes.ok())
    return invalid("not base64url");
  doorstep::enrolment::v1::EnrolmentOffer message;
  if (!message.ParseFromString(*bytes))
    return invalid("cut off");
  if (message.host().empty() || message.host().size() > kHostBytesMax)
    return invalid("host");
  if (message.port() < 1 || message.port() > 65535)
    return invalid("port");
  if (message.code().empty() || message.code().size() > kCodeBytesMax)
    return invalid("code");
  if (message.authority_der().empty() || message.authority_der().size() > kAuthorityBytesMax)
    return invalid("authority_der");
  return EnrolmentOffer{message.host(), static_cast<std::uint16_t>(message.port()), message.code(),
                        message.authority_der()};
}

std::string enrolmentProofMessage(std::string_view tlsCertificateRequestDer) {
  return "doorstep/enrol/v1\n" + std::string(tlsCertificateRequestDer);
}

}  // namespace doorstep::wire
