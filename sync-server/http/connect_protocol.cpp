// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/connect_protocol.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "shared/core/bytes.h"
#include "sync-server/http/limits.h"

namespace doorstep::http {
namespace {

constexpr std::uint8_t kConnectEnd = 0x02;
constexpr std::uint8_t kGrpcWebTrailers = 0x80;
constexpr std::size_t kEnvelopeHeaderBytes = 5;

struct CodeName {
  std::string_view name;
  int httpStatus;
};
// Index is gRPC's code; the statuses are those of the Connect protocol, "Error codes".
constexpr std::array<CodeName, 17> kCodes{{{"ok", 200},
                                           {"canceled", 499},
                                           {"unknown", 500},
                                           {"invalid_argument", 400},
                                           {"deadline_exceeded", 504},
                                           {"not_found", 404},
                                           {"already_exists", 409},
                                           {"permission_denied", 403},
                                           {"resource_exhausted", 429},
                                           {"failed_precondition", 400},
                                           {"aborted", 409},
                                           {"out_of_range", 400},
                                           {"unimplemented", 501},
                                           {"internal", 500},
                                           {"unavailable", 503},
                                           {"data_loss", 500},
                                           {"unauthenticated", 401}}};

const CodeName& codeName(int code) {
  constexpr std::size_t kUnknown = 2;
  const auto index = static_cast<std::size_t>(code);
  return kCodes[index < kCodes.size() ? index : kUnknown];
}

constexpr std::array<Encoding, 7> kEncodings{{
    {Protocol::ConnectUnary, true, "application/json"},
    {Protocol::ConnectUnary, false, "application/proto"},
    {Protocol::ConnectStream, true, "application/connect+json"},
    {Protocol::ConnectStream, false, "application/connect+proto"},
    {Protocol::GrpcWeb, false, "application/grpc-web"},
    {Protocol::GrpcWeb, false, "application/grpc-web+proto"},
    {Protocol::GrpcWeb, true, "application/grpc-web+json"},
}};

nlohmann::json errorObject(const CallEnd& end) {
  return {{"code", connectCodeName(end.code)}, {"message", end.text}};
}

// A service's text may contain any bytes; invalid UTF-8 becomes U+FFFD instead of failing the
// reply.
std::string write(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<std::uint64_t> parseDigits(std::string_view text, std::size_t digitsMax) {
  if (text.empty() || text.size() > digitsMax) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::chrono::milliseconds bounded(std::uint64_t ms) {
  constexpr std::uint64_t kMaxMs = std::chrono::milliseconds(kDeadlineMax).count();
  return std::chrono::milliseconds(std::min(ms, kMaxMs));
}

}  // namespace

std::optional<Encoding> encodingOf(std::string_view contentType) {
  std::string type(contentType.substr(0, contentType.find_first_of("; \t")));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto* found = std::find_if(kEncodings.begin(), kEncodings.end(),
                                   [&](const Encoding& e) { return e.contentType == type; });
  return found == kEncodings.end() ? std::nullopt : std::optional<Encoding>(*found);
}

CallEnd callEnd(const Error& error) {
  return {static_cast<int>(error.code), error.text, error.reason};
}

std::string_view connectCodeName(int code) { return codeName(code).name; }

int httpStatusOf(int code) { return codeName(code).httpStatus; }

std::string connectErrorJson(const CallEnd& end) { return write(errorObject(end)); }

std::string envelope(std::uint8_t flags, std::string_view message) {
  std::string out;
  out.reserve(kEnvelopeHeaderBytes + message.size());
  out.push_back(static_cast<char>(flags));
  const auto length = static_cast<std::uint32_t>(message.size());
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(length >> shift));
  }
  out.append(message);
  return out;
}

Result<std::string_view> openEnvelope(std::string_view body) {
  if (body.size() < kEnvelopeHeaderBytes) {
    return Error{ErrorCode::InvalidArgument, "ENVELOPE_MALFORMED",
                 "body is shorter than an envelope"};
  }
  if ((static_cast<std::uint8_t>(body[0]) & kEnvelopeCompressed) != 0) {
    return Error{ErrorCode::Unimplemented, "ENVELOPE_COMPRESSED",
                 "compressed requests are not taken"};
  }
  const std::uint64_t length = fromBigEndian(body.substr(1, kEnvelopeHeaderBytes - 1));
  if (body[0] != 0 || body.size() - kEnvelopeHeaderBytes != length) {
    return Error{ErrorCode::InvalidArgument, "ENVELOPE_MALFORMED",
                 "body is not exactly one message"};
  }
  return body.substr(kEnvelopeHeaderBytes);
}

std::string endEnvelope(Protocol protocol, const CallEnd& end) {
  if (protocol == Protocol::GrpcWeb) {
    std::string trailers = "grpc-status: " + std::to_string(end.code) + "\r\n";
    if (!end.text.empty()) {
      trailers += "grpc-message: " + percentEncode(end.text) + "\r\n";
    }
    if (!end.reason.empty()) {
      trailers += "doorstep-reason: " + percentEncode(end.reason) + "\r\n";
    }
    return envelope(kGrpcWebTrailers, trailers);
  }
  nlohmann::json last = nlohmann::json::object();
  if (!end.ok()) {
    last["error"] = errorObject(end);
  }
  if (!end.reason.empty()) {
    last["metadata"]["doorstep-reason"] = nlohmann::json::array({end.reason});
  }
  return envelope(kConnectEnd, write(last));
}

std::string percentEncode(std::string_view text) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte >= 0x20 && byte <= 0x7e && c != '%') {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHexDigits[byte >> 4]);
      out.push_back(kHexDigits[byte & 15]);
    }
  }
  return out;
}

std::optional<std::chrono::milliseconds> parseConnectTimeout(std::string_view text) {
  const auto ms = parseDigits(text, 10);
  return ms ? std::optional(bounded(*ms)) : std::nullopt;
}

std::optional<std::chrono::milliseconds> parseGrpcTimeout(std::string_view text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const auto count = parseDigits(text.substr(0, text.size() - 1), 8);
  if (!count) {
    return std::nullopt;
  }
  switch (text.back()) {
    case 'H':
      return bounded(*count * 3'600'000);
    case 'M':
      return bounded(*count * 60'000);
    case 'S':
      return bounded(*count * 1000);
    case 'm':
      return bounded(*count);
    case 'u':
      return bounded((*count + 999) / 1000);
    case 'n':
      return bounded((*count + 999'999) / 1'000'000);
    default:
      return std::nullopt;
  }
}

}  // namespace doorstep::http
