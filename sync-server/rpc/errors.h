// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/core/result.h"

namespace grpc {
class ServerContextBase;
class Status;
}  // namespace grpc

namespace doorstep::rpc {

class RefusalLog;

// Trailing metadata that carries Error::reason, so that a client need not read prose.
inline constexpr const char* kReasonMetadata = "doorstep-reason";

// What goes over the wire for an error: its code, its reason as message and as trailing metadata.
// The developer's text stays here: it may name what the caller may not know. Called before Finish.
grpc::Status statusOf(grpc::ServerContextBase& call, const Error& error);

// A worker pool has no place for it.
inline const Error kBusy{ErrorCode::ResourceExhausted, "SERVER_BUSY",
                         "the queue of workers is full"};

// What a call is of, and where its refusals are told.
struct Method {
  const char* name;  // "SyncService.Exchange"
  RefusalLog& refusals;
  bool ofDevices = false;  // nobody looks at a phone's refusals: all of them are told
};
// Tells the operator too, unless it is only for the person at the screen: a page token that does
// not fit, a visit that is not there.
grpc::Status statusOf(const Method& method, grpc::ServerContextBase& call, const Error& error);

}  // namespace doorstep::rpc
