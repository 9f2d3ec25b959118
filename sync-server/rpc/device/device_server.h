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
  std::vector<grpc::Service*> services;  // what phones call, and nothing else; outlive the server
  DeviceConnections& connections;        // too
  RefusalLog& refusals;                  // too
  const Clock& clock;                    // too; the operating system's: its times are of networks
};

// The phones' door: gRPC over TLS on the device port. A client certificate is asked for and
// verified when there is one: a foreign one ends the handshake, none can only enrol. Messages,
// streams and the time for a handshake are a phone's; whose connection it may be is
// DeviceConnections' business. No reflection and no health service: whoever looks for life asks the
// front's /healthz. Thread: any.
class DeviceServer {
 public:
  // Error UNAVAILABLE (LISTEN_FAILED).
  static Result<std::unique_ptr<DeviceServer>> start(const DeviceServerConfig& config);
  ~DeviceServer();

  std::uint16_t port() const;
  // kDone while it accepts; else why it does not any more.
  Status failure() const;
  // New connections and calls are refused, those in progress get kStopGrace.
  void stop();

 private:
  DeviceServer();
  // shared_ptr: what the listener still hands over when the server has stopped is closed
  std::shared_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<DeviceListener> listener_;
};

}  // namespace doorstep::rpc
