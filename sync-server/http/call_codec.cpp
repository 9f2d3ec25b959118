// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/call_codec.h"

#include <google/protobuf/descriptor.h>

namespace doorstep::http {
namespace {

Result<std::string> encodeMessage(const CallRoute& route, const std::string& message,
                                  const JsonTranscoder& transcoder) {
  return route.encoding.json ? transcoder.toJson(*route.method->output_type(), message)
                             : Result<std::string>(message);
}

// The error is the reply itself: an HTTP status and a JSON body, whatever the request's encoding.
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
  if (route.encoding.json) {
    return transcoder.toBinary(*route.method->input_type(), body);
  }
  return std::string(body);
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

Result<std::string> streamedMessage(const CallRoute& route, const std::string& message,
                                    const JsonTranscoder& transcoder) {
  DOORSTEP_ASSIGN(const std::string encoded, encodeMessage(route, message, transcoder));
  return envelope(0, encoded);
}

}  // namespace doorstep::http
