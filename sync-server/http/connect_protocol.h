// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::http {

// Framing of the Connect protocol (connectrpc.com/docs/protocol) and gRPC-Web (gRPC's
// PROTOCOL-WEB.md), for unary and server-streaming methods. Pure functions. Thread: any.

enum class Protocol {
  ConnectUnary,   // bare message; errors as HTTP status and JSON body
  ConnectStream,  // enveloped messages; ends with an envelope of flag 2
  GrpcWeb,        // enveloped messages; ends with an envelope of flag 0x80
};

struct Encoding {
  Protocol protocol = Protocol::ConnectUnary;
  bool json = false;
  std::string_view contentType;  // of the reply, static storage
};

// Decides by content type, ignoring parameters. nullopt for a type that a page can send to another
// site without a preflight (text/plain, form data), and for an unsupported one.
std::optional<Encoding> encodingOf(std::string_view contentType);

// Result of a call. code is gRPC's, 0 is OK; reason is from the trailing metadata doorstep-reason.
struct CallEnd {
  int code = 0;
  std::string text;
  std::string reason;

  bool ok() const { return code == 0; }
};
CallEnd callEnd(const Error& error);

std::string_view connectCodeName(int code);
int httpStatusOf(int code);

// {"code":…,"message":…}
std::string connectErrorJson(const CallEnd& end);

constexpr std::uint8_t kEnvelopeCompressed = 0x01;
std::string envelope(std::uint8_t flags, std::string_view message);
// The single message of a request. Errors: ENVELOPE_MALFORMED, ENVELOPE_COMPRESSED.
Result<std::string_view> openEnvelope(std::string_view body);

// The final bytes of an enveloped reply: status, text and reason in the protocol's form.
std::string endEnvelope(Protocol protocol, const CallEnd& end);

// gRPC's percent-encoding of grpc-message.
std::string percentEncode(std::string_view text);

// Connect-Timeout-Ms ("1500") and Grpc-Timeout ("1500m"). nullopt when malformed.
std::optional<std::chrono::milliseconds> parseConnectTimeout(std::string_view text);
std::optional<std::chrono::milliseconds> parseGrpcTimeout(std::string_view text);

}  // namespace doorstep::http
