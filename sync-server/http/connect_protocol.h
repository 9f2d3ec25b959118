// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::http {

// What the Connect protocol (connectrpc.com/docs/protocol) and gRPC-Web (PROTOCOL-WEB.md of gRPC)
// put around a message, for unary and server-streaming methods. Pure functions. Thread: any.

enum class Protocol {
  ConnectUnary,   // bare message, the error is the HTTP status and a JSON body
  ConnectStream,  // enveloped messages, the end is an envelope with flag 2
  GrpcWeb,        // enveloped messages, the end is an envelope with flag 0x80
};

struct Encoding {
  Protocol protocol = Protocol::ConnectUnary;
  bool json = false;
  std::string_view contentType;  // of the reply, static storage
};

// By content type, parameters skipped. Nothing for a content type that a page could send to
// another site without being asked (text/plain, form data), or that nobody speaks here.
std::optional<Encoding> encodingOf(std::string_view contentType);

// How a call ended. code is gRPC's, 0 is OK; reason comes from the trailing metadata
// doorstep-reason.
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
// The one message of a request. Errors: ENVELOPE_MALFORMED, ENVELOPE_COMPRESSED.
Result<std::string_view> openEnvelope(std::string_view body);

// The last bytes of an enveloped reply: status, text and reason in the protocol's form.
std::string endEnvelope(Protocol protocol, const CallEnd& end);

// gRPC's percent-encoding of grpc-message.
std::string percentEncode(std::string_view text);

// Connect-Timeout-Ms ("1500") and Grpc-Timeout ("1500m"). Nothing when it is not written so.
std::optional<std::chrono::milliseconds> parseConnectTimeout(std::string_view text);
std::optional<std::chrono::milliseconds> parseGrpcTimeout(std::string_view text);

}  // namespace doorstep::http
