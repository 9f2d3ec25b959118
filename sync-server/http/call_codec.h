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

// The request's message in protobuf's binary form, as the service can read it. Errors:
// INVALID_ARGUMENT (JSON_MALFORMED, MESSAGE_MALFORMED, ENVELOPE_MALFORMED), UNIMPLEMENTED
// (ENVELOPE_COMPRESSED).
Result<std::string> decodeRequest(const CallRoute& route, std::string_view body,
                                  const JsonTranscoder& transcoder);

// The whole reply of a call that gives one message or none; also of a stream that ended before it
// began. An end that is OK without a message is an INTERNAL error of a unary method.
HttpReply callReply(const CallRoute& route, const std::optional<std::string>& message, CallEnd end,
                    const JsonTranscoder& transcoder);

// To what the front cannot pass on, the same with a refusal.
HttpReply refusedCallReply(const CallRoute& route, const Error& error,
                           const JsonTranscoder& transcoder);

// To a body beyond CallRoute::bodyMaxBytes, which was not read: RESOURCE_EXHAUSTED
// (BODY_TOO_LARGE), with HTTP's own 413 where the protocol says errors by status.
HttpReply bodyTooLargeReply(const CallRoute& route, const JsonTranscoder& transcoder);

// To what is no request, and to a body that is refused before anybody looks at it: plain text, then
// the connection ends.
HttpReply refusalReply(const Error& error);
// To a body that was refused while it was read, in the words of the call's protocol when it was
// understood that far; then the connection ends.
HttpReply bodyRefusalReply(const Error& error, const CallRoute* call,
                           const JsonTranscoder& transcoder);

// One message of a streamed reply, enveloped. Error MESSAGE_MALFORMED.
Result<std::string> streamedMessage(const CallRoute& route, const std::string& message,
                                    const JsonTranscoder& transcoder);

}  // namespace doorstep::http
