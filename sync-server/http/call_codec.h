// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sync-server/http/http_reply.h"
#include "sync-server/http/json_transcoder.h"
#include "sync-server/http/request_routing.h"

namespace doorstep::http {

// A call's messages between what the browser wrote and what the service reads, in the encoding that
// the route names. Thread: any.

// The request's message in protobuf's binary form. Errors: JSON_MALFORMED, ENVELOPE_MALFORMED,
// ENVELOPE_COMPRESSED.
Result<std::string> decodeRequest(const CallRoute& route, std::string_view body,
                                  const JsonTranscoder& transcoder);

// The whole reply of a call that gives one message or none; also of a stream that ended before it
// began. An end that is OK without a message is an INTERNAL error of a unary method.
HttpReply callReply(const CallRoute& route, const std::optional<std::string>& message, CallEnd end,
                    const JsonTranscoder& transcoder);

// One message of a streamed reply, enveloped. Error MESSAGE_MALFORMED.
Result<std::string> streamedMessage(const CallRoute& route, const std::string& message,
                                    const JsonTranscoder& transcoder);

}  // namespace doorstep::http
