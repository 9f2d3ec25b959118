// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "shared/core/result.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace doorstep::rpc {

// The services for people: a gRPC server without a port, reachable only by the HTTPS front's
// channel (http::ServiceChannel), whose metadata identifies the caller. Messages may be as large as
// an import. Thread: any.
class PeopleServer {
 public:
  // services outlive it. Error UNAVAILABLE (SERVICES_FAILED).
  static Result<std::unique_ptr<PeopleServer>> start(const std::vector<grpc::Service*>& services);
  ~PeopleServer();

  grpc::Server& server() { return *server_; }
  // Refuses new calls; calls in progress get kStopGrace.
  void stop();

 private:
  PeopleServer();
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace doorstep::rpc
