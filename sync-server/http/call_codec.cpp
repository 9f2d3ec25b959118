// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/call_codec.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

namespace doorstep::http {
namespace {

Result<std::string> encodeMessage(const CallRoute& route, const std::string& message,
                                  const JsonTranscoder& transcoder) {
  return route.encoding.json ? transcoder.toJson(*route.method->output_type(), message)
                             : Result<std::string>(message);
}

// gRPC reports UNIMPLEMENTED when it cannot parse the request (1.51, callback API), so malformed
// requests must be detected before.
bool isMessageOf(const google::protobuf::Descriptor& type, std::string_view bytes) {
  google::protobuf::Arena arena;
  auto* message =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New(&arena);
  return message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// The reply for an error: an HTTP status and a JSON body, in any request encoding.
HttpReply connectError(const CallEnd& end) {
  HttpReply reply;
  reply.status = httpStatusOf(end.code);
  reply.contentType = "application/json";
  reply.body = connectErrorJson(end);
  if (!end.reason.empty()) {
    reply.headers.emplace_back("trailer-doorstep-reason", percentEncode(end.reason));
  }
  return reply;
}

}  // namespace

Result<std::string> decodeRequest(const CallRoute& route, std::string_view body,
                                  const JsonTranscoder& transcoder) {
  if (route.encoding.protocol != Protocol::ConnectUnary) {
    DOORSTEP_ASSIGN(body, openEnvelope(body));
  }
  const auto& type = *route.method->input_type();
  std::string message;
  if (route.encoding.json) {
    DOORSTEP_ASSIGN(message, transcoder.toBinary(type, body));
  } else {
    message = body;
  }
  if (!isMessageOf(type, message)) {
    return Error{ErrorCode::InvalidArgument,
                 route.encoding.json ? "JSON_MALFORMED" : "MESSAGE_MALFORMED",
                 "not a " + type.full_name()};
  }
  return message;
}

HttpReply callReply(const CallRoute& route, const std::optional<std::string>& message, CallEnd end,
                    const JsonTranscoder& transcoder) {
  const Protocol protocol = route.encoding.protocol;
  if (end.ok() && !message && !route.method->server_streaming()) {
    end = {static_cast<int>(ErrorCode::Internal), "the service gave no answer", {}};
  }
  std::string encoded;
  if (end.ok() && message) {
    auto result = encodeMessage(route, *message, transcoder);
    if (result.ok()) {
      encoded = std::move(result).value();
    } else {
      end = callEnd(result.error());
    }
  }
  HttpReply reply;
  if (protocol == Protocol::ConnectUnary) {
    if (!end.ok()) {
      return connectError(end);
    }
    reply.body = std::move(encoded);
  } else {
    reply.body = end.ok() && message ? envelope(0, encoded) : std::string();
    reply.body += endEnvelope(protocol, end);
  }
  reply.contentType = route.encoding.contentType;
  return reply;
}

HttpReply refusedCallReply(const CallRoute& route, const Error& error,
                           const JsonTranscoder& transcoder) {
  HttpReply reply = callReply(route, std::nullopt, callEnd(error), transcoder);
  reply.refusal = Refusal{route.name, error};
  return reply;
}

HttpReply bodyTooLargeReply(const CallRoute& route, const JsonTranscoder& transcoder) {
  const Error error{ErrorCode::ResourceExhausted, "BODY_TOO_LARGE", "the body is too large"};
  HttpReply reply = refusedCallReply(route, error, transcoder);
  if (route.encoding.protocol == Protocol::ConnectUnary) {
    reply.status = 413;
  }
  return reply;
}

Result<std::string> streamedMessage(const CallRoute& route, const std::string& message,
                                    const JsonTranscoder& transcoder) {
  DOORSTEP_ASSIGN(const std::string encoded, encodeMessage(route, message, transcoder));
  return envelope(0, encoded);
}

// The reply to a malformed request, and to a body that is refused unread.
HttpReply refusalReply(const Error& error) {
  const bool tooMuch = error.code == ErrorCode::ResourceExhausted;
  const int status = error.reason == "BODY_TOO_LARGE"      ? 413
                     : error.reason == "HEADERS_TOO_LARGE" ? 431
                     : error.reason == "BYTES_HELD"        ? 429
                                                           : 400;
  HttpReply reply =
      refusedReply(status, tooMuch ? "request too large" : "bad request", error.code, error.reason);
  reply.close = true;
  return reply;
}

// In the call's protocol, if that is known already.
HttpReply bodyRefusalReply(const Error& error, const CallRoute* call,
                           const JsonTranscoder& transcoder) {
  const bool badFraming = error.code == ErrorCode::InvalidArgument;
  if (call == nullptr || badFraming || error.reason == "CHUNK_OVERHEAD") {
    return refusalReply(error);
  }
  HttpReply reply = error.reason == "BODY_TOO_LARGE" ? bodyTooLargeReply(*call, transcoder)
                                                     : refusedCallReply(*call, error, transcoder);
  reply.close = true;
  return reply;
}

}  // namespace doorstep::http
