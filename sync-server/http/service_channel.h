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

// The way from the front to the services of the same process: a socket pair, so there is no port
// and no path that another process could open (gRPC 1.51's in-process channel loses messages). Such
// a channel cannot connect again and cannot tell its state, so a third descriptor watches the pair:
// when either end has hung up, the next caller gets a new pair.
//
// The services know the front's calls by it: their peer has no TLS identity.
// Thread: any. The server outlives this.
class ServiceChannel {
 public:
  explicit ServiceChannel(grpc::Server& server);
  ~ServiceChannel();
  ServiceChannel(const ServiceChannel&) = delete;
  ServiceChannel& operator=(const ServiceChannel&) = delete;

  // Error CHANNEL_UNAVAILABLE: no descriptors are left.
  Result<std::shared_ptr<grpc::GenericStub>> stub();

 private:
  bool hungUp() const DOORSTEP_REQUIRES(mutex_);
  Status connect() DOORSTEP_REQUIRES(mutex_);

  grpc::Server& server_;

  Mutex mutex_;
  // A duplicate of the channel's end of the pair.
  int watched_ DOORSTEP_GUARDED_BY(mutex_) = -1;
  // shared_ptr: a call in flight holds what it began with.
  std::shared_ptr<grpc::GenericStub> stub_ DOORSTEP_GUARDED_BY(mutex_);
};

}  // namespace doorstep::http
