// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/core/result.h"

namespace grpc {
class ServerContextBase;
class Status;
}  // namespace grpc

namespace doorstep::rpc {

// Trailing metadata that carries Error::reason, so that a client need not read prose.
inline constexpr const char* kReasonMetadata = "doorstep-reason";

// What goes over the wire for an error: its code, its reason as message and as trailing metadata.
// The developer's text stays here: it may name what the caller may not know. Called before Finish.
grpc::Status statusOf(grpc::ServerContextBase& call, const Error& error);

}  // namespace doorstep::rpc
