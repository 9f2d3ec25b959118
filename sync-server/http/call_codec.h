// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sync-server/http/http_reply.h"
#include "sync-server/http/json_transcoder.h"
#include "sync-server/http/request_routing.h"

namespace doorstep::http {

// Converts a call's messages between the browser's encoding, which the route names, and protobuf's
// binary form for the service. Thread: any.

// The request's message in binary form. Errors: INVALID_ARGUMENT (JSON_MALFORMED,
// MESSAGE_MALFORMED, ENVELOPE_MALFORMED), UNIMPLEMENTED (ENVELOPE_COMPRESSED).
Result<std::string> decodeRequest(const CallRoute& route, std::string_view body,
                                  const JsonTranscoder& transcoder);

// The whole reply of a call with one message or none; also of a stream that ended before its first
// message. OK without a message is an INTERNAL error of a unary method.
HttpReply callReply(const CallRoute& route, const std::optional<std::string>& message, CallEnd end,
                    const JsonTranscoder& transcoder);

// The reply to a call that the front refuses.
HttpReply refusedCallReply(const CallRoute& route, const Error& error,
                           const JsonTranscoder& transcoder);

// The reply to a body larger than CallRoute::bodyMaxBytes, which was not read: RESOURCE_EXHAUSTED
// (BODY_TOO_LARGE), with status 413 where the protocol reports errors by HTTP status.
HttpReply bodyTooLargeReply(const CallRoute& route, const JsonTranscoder& transcoder);

// The reply to a malformed request, and to a body that is refused unread: plain text, then the
// connection is closed.
HttpReply refusalReply(const Error& error);
// The reply to a body refused while it was read, in the call's protocol if that is known already;
// then the connection is closed.
HttpReply bodyRefusalReply(const Error& error, const CallRoute* call,
                           const JsonTranscoder& transcoder);

// One message of a streamed reply, enveloped. Error MESSAGE_MALFORMED.
Result<std::string> streamedMessage(const CallRoute& route, const std::string& message,
                                    const JsonTranscoder& transcoder);

}  // namespace doorstep::http
