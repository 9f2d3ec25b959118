// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "shared/core/clock.h"
#include "shared/core/result.h"

namespace grpc {
class Server;
class Service;
namespace experimental {
class ExternalConnectionAcceptor;
}
}  // namespace grpc

namespace doorstep::rpc {

class DeviceConnections;
class DeviceListener;
class RefusalLog;

struct DeviceServerConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  std::string serverCertificatePem;
  std::string serverKeyPem;
  std::string authorityPem;              // device certificates must chain to it
  std::vector<grpc::Service*> services;  // services for phones only; outlive the server
  DeviceConnections& connections;        // outlives the server
  RefusalLog& refusals;                  // outlives the server
  const Clock& clock;                    // outlives the server; the operating system's
};

// gRPC over TLS on the device port. A client certificate is requested and verified if present: a
// foreign one fails the handshake, and without one only Enrol is possible. Limits on messages,
// streams and handshake time are those of a phone; DeviceConnections limits connections. No
// reflection and no health service: health checks use the front's /healthz. Thread: any.
class DeviceServer {
 public:
  // Error UNAVAILABLE (LISTEN_FAILED).
  static Result<std::unique_ptr<DeviceServer>> start(const DeviceServerConfig& config);
  ~DeviceServer();

  std::uint16_t port() const;
  // kDone while listening; otherwise why it stopped.
  Status failure() const;
  // Refuses new connections and calls; calls in progress get kStopGrace.
  void stop();

 private:
  DeviceServer();
  // shared_ptr: the listener may still use it after the server stopped; such sockets are closed.
  std::shared_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<DeviceListener> listener_;
};

}  // namespace doorstep::rpc
