// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/server_callback.h>

#include <utility>

#include "shared/core/guarded.h"
#include "sync-server/rpc/errors.h"
#include "sync-server/rpc/worker_pool.h"

namespace doorstep::rpc {

// Runs a unary handler on a worker and finishes the call with its Status. gRPC keeps call, request
// and response until then. Included by service sources only.
template <typename Handler>  // Status()
grpc::ServerUnaryReactor* unaryOn(WorkerPool& workers, const Method& method,
                                  grpc::CallbackServerContext* call, Handler handler) {
  auto* reactor = call->DefaultReactor();
  const bool posted = workers.post([method, call, reactor, handler = std::move(handler)] {
    if (call->IsCancelled())
      return reactor->Finish(grpc::Status::CANCELLED);
    const Status done = guarded(handler);
    reactor->Finish(done.ok() ? grpc::Status::OK : statusOf(method, *call, done.error()));
  });
  if (!posted)
    reactor->Finish(statusOf(method, *call, kBusy));
  return reactor;
}

}  // namespace doorstep::rpc
