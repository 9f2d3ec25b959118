// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/generic/generic_stub.h>

#include <memory>

#include "shared/core/mutex.h"
#include "shared/core/result.h"

namespace grpc {
class Server;
}

namespace doorstep::http {

// The front's channel to the services of the same process: a socket pair, so that no other process
// can connect (gRPC 1.51's in-process channel loses messages). Such a channel can neither reconnect
// nor report its state, so a third descriptor watches the pair: when either end has hung up, the
// next caller gets a new pair.
//
// The services recognise the front's calls by it: the peer has no TLS identity. Thread: any. The
// server outlives this.
class ServiceChannel {
 public:
  explicit ServiceChannel(grpc::Server& server);
  ~ServiceChannel();
  ServiceChannel(const ServiceChannel&) = delete;
  ServiceChannel& operator=(const ServiceChannel&) = delete;

  // Error CHANNEL_UNAVAILABLE: out of descriptors.
  Result<std::shared_ptr<grpc::GenericStub>> stub();

 private:
  bool hungUp() const DOORSTEP_REQUIRES(mutex_);
  Status connect() DOORSTEP_REQUIRES(mutex_);

  grpc::Server& server_;

  Mutex mutex_;
  // A duplicate of the channel's end of the pair.
  int watched_ DOORSTEP_GUARDED_BY(mutex_) = -1;
  // shared_ptr: a call in flight keeps the stub that it started with.
  std::shared_ptr<grpc::GenericStub> stub_ DOORSTEP_GUARDED_BY(mutex_);
};

}  // namespace doorstep::http
