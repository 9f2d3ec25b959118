// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/core/result.h"

namespace grpc {
class ServerContextBase;
class Status;
}  // namespace grpc

namespace doorstep::rpc {

class RefusalLog;

// Trailing metadata with Error::reason, so that a client need not parse prose.
inline constexpr const char* kReasonMetadata = "doorstep-reason";

// The wire form of an error: its code, and its reason as message and trailing metadata. The
// developer's text is not sent: it may contain what the caller must not know. Call before Finish.
grpc::Status statusOf(grpc::ServerContextBase& call, const Error& error);

// The worker pool's queue is full.
inline const Error kBusy{ErrorCode::ResourceExhausted, "SERVER_BUSY",
                         "the queue of workers is full"};

// A call's method, and where its refusals are logged.
struct Method {
  const char* name;  // "SyncService.Exchange"
  RefusalLog& refusals;
  bool ofDevices = false;  // phones' refusals are all logged, since no person sees them
};
// Also logs the error for the operator, unless it concerns only the person at the screen: an
// invalid page token, an unknown visit.
grpc::Status statusOf(const Method& method, grpc::ServerContextBase& call, const Error& error);

}  // namespace doorstep::rpc
