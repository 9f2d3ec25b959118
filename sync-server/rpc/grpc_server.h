// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "shared/core/result.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace doorstep::rpc {

class RefusalLog;

struct GrpcServerConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  std::string serverCertificatePem;
  std::string serverKeyPem;
  std::string authorityPem;              // device certificates must chain to it
  std::vector<grpc::Service*> services;  // outlive the server
  RefusalLog& refusals;                  // too
};

// The gRPC server of the process: TLS on the device port, health and reflection, and the HTTPS
// front's channel (http::ServiceChannel). A client certificate is asked for and verified when there
// is one: a foreign one ends the handshake, none can only enrol, because every other handler asks
// who calls. Thread: any.
class GrpcServer {
 public:
  // Error UNAVAILABLE (LISTEN_FAILED).
  static Result<std::unique_ptr<GrpcServer>> start(const GrpcServerConfig& config);
  ~GrpcServer();

  std::uint16_t port() const { return static_cast<std::uint16_t>(port_); }
  grpc::Server& server() { return *server_; }
  // Health says NOT_SERVING, new calls are refused, those in progress get kStopGrace.
  void stop();

 private:
  GrpcServer();
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace doorstep::rpc
