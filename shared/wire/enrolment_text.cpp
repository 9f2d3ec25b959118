// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/enrolment_text.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <optional>

#include "doorstep/enrolment/v1/enrolment_service.pb.h"
#include "shared/core/bytes.h"
#include "shared/wire/pasted_token.h"

namespace doorstep::wire {
namespace {

constexpr std::string_view kPrefix = "doorstep-enrol:1:";
constexpr std::string_view kAnyPrefix = "doorstep-enrol:";
constexpr std::size_t kPayloadMax = 8 * 1024;    // a certificate of 4 KiB and the rest
constexpr std::size_t kTailCharactersMin = 100;  // base64url without a blank: longer than any word
constexpr char kFirstByte = '\x0A';   // first byte of a message that begins with its host
constexpr std::uint32_t kVarint = 0;  // wire types of protobuf
constexpr std::uint32_t kLengthDelimited = 2;
constexpr std::size_t kHostBytesMax = 253;  // a DNS name
constexpr std::size_t kCodeBytesMax = 64;
constexpr std::size_t kAuthorityBytesMax = 4 * 1024;  // P-256: about 400

Error fault(const char* reason, const char* text) {
  return {ErrorCode::InvalidArgument, reason, text};
}
Error invalid(const char* text) { return fault("ENROLMENT_TEXT_INVALID", text); }
Error partial(const char* text) { return fault("ENROLMENT_TEXT_PARTIAL", text); }

std::string toBase64Url(std::string_view bytes) {
  std::string text = toBase64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

// Characters that do not fill a byte count as the beginning of one.
std::string bytesOfBase64Url(std::string_view text) {
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, 'A');
  auto bytes = fromBase64(standard);
  return bytes.ok() ? std::move(bytes).value() : std::string();
}

bool isHostCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == ':';
}

// End of the fields that every offer has; 0: one of them is missing or incomplete. What follows is
// text around the token, or fields of a later release.
std::size_t offerEnd(const std::string& bytes) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  unsigned missing = 0b1'1110;  // fields 1 to 4
  while (missing != 0) {
    const std::uint32_t tag = in.ReadTag();
    std::uint64_t number = 0;
    if (tag >> 3 == 0 || !in.ReadVarint64(&number))
      return 0;
    const bool skips = (tag & 7) == kLengthDelimited;
    if (!skips && (tag & 7) != kVarint)
      return 0;
    if (skips && (number > bytes.size() || !in.Skip(static_cast<int>(number))))
      return 0;
    if (tag >> 3 < 5)
      missing &= ~(1U << (tag >> 3));
  }
  return static_cast<std::size_t>(in.CurrentPosition());
}

Result<EnrolmentOffer> readOffer(std::string_view bytes) {
  doorstep::enrolment::v1::EnrolmentOffer message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return invalid("no message");
  if (message.host().empty() || message.host().size() > kHostBytesMax ||
      !std::all_of(message.host().begin(), message.host().end(), isHostCharacter))
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

Result<EnrolmentOffer> readToken(const PastedToken& token) {
  const std::string bytes = bytesOfBase64Url(token.payload);
  if (const std::size_t end = offerEnd(bytes); end != 0) {
    // Further fields may follow up to the next blank.
    for (const std::size_t characters : token.ends) {
      const std::size_t withMore = characters * 6 / 8;
      if (withMore < end)
        continue;
      if (auto offer = readOffer(std::string_view(bytes).substr(0, withMore)); offer.ok())
        return offer;
      break;
    }
    if ((end * 8 + 5) / 6 <= token.payload.size())
      return readOffer(std::string_view(bytes).substr(0, end));
  }
  const auto holds = [&](char from, char to) {
    return std::any_of(token.payload.begin(), token.payload.end(),
                       [&](char c) { return c >= from && c <= to; });
  };
  if (token.payload.size() >= kTailCharactersMin && holds('a', 'z') != holds('A', 'Z'))
    return fault("ENROLMENT_TEXT_CASE", "letters of one case only");
  return token.payload.size() < 2 || bytes.empty() || bytes.front() == kFirstByte
             ? partial("cut off")
             : invalid("no message");
}

// nullopt: the prefix was not found. Of several faults, the first that is more specific than
// INVALID.
std::optional<Result<EnrolmentOffer>> readTokens(std::string_view text) {
  std::optional<Result<EnrolmentOffer>> found;
  for (const PastedToken& token : pastedTokens(text, kPrefix, kPayloadMax)) {
    auto offer = readToken(token);
    if (offer.ok())
      return offer;
    if (!found || found->error().reason == "ENROLMENT_TEXT_INVALID")
      found = std::move(offer);
  }
  return found;
}

bool holdsTail(std::string_view text) {
  std::size_t run = 0;
  for (const char c : text.substr(0, kPasteBytesMax)) {
    const bool belongs = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '-' || c == '_';
    run = belongs ? run + 1 : 0;
    if (run >= kTailCharactersMin)
      return true;
  }
  return false;
}

// The error when no token was found.
Error absence(std::string_view text) {
  if (text.size() > kPasteBytesMax)
    return fault("ENROLMENT_TEXT_TOO_LONG", "not in the first part");
  if (const auto other = pastedTokens(text, kAnyPrefix, kPayloadMax); !other.empty())
    return other.front().payload.empty() || other.front().payload == "1"
               ? partial("cut off in its prefix")
               : fault("ENROLMENT_TEXT_NEWER", "of a later release");
  if (text.find("://") != std::string_view::npos || text.starts_with("WIFI:"))
    return fault("ENROLMENT_TEXT_OTHER_APP", "a link");
  if (holdsTail(text))
    return partial("without its beginning");
  return invalid("does not hold doorstep-enrol:1:");
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
  auto found = readTokens(text);
  const bool mayBeQuotedPrintable = text.substr(0, kPasteBytesMax).find('=') != text.npos;
  if (mayBeQuotedPrintable && (!found || !found->ok())) {
    auto decoded = readTokens(withoutQuotedPrintable(text));
    if (decoded && (decoded->ok() || !found))
      found = std::move(decoded);
  }
  return found ? *found : Result<EnrolmentOffer>(absence(text));
}

std::string enrolmentProofMessage(std::string_view tlsCertificateRequestDer) {
  return "doorstep/enrol/v1\n" + std::string(tlsCertificateRequestDer);
}

std::string renewalProofMessage(DeviceId device, std::string_view tlsCertificateRequestDer) {
  return "doorstep/renew/v1\n" + bigEndian64(device.value) + std::string(tlsCertificateRequestDer);
}

}  // namespace doorstep::wire
