// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/people_server.h"

#include <grpcpp/grpcpp.h>

#include <chrono>

#include "sync-server/rpc/limits.h"

namespace doorstep::rpc {

PeopleServer::PeopleServer() = default;
PeopleServer::~PeopleServer() { stop(); }

Result<std::unique_ptr<PeopleServer>> PeopleServer::start(
    const std::vector<grpc::Service*>& services) {
  std::unique_ptr<PeopleServer> server(new PeopleServer());
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(static_cast<int>(kMessageBytesMax));
  for (auto* service : services)
    builder.RegisterService(service);
  server->server_ = builder.BuildAndStart();
  if (!server->server_)
    return Error{ErrorCode::Unavailable, "SERVICES_FAILED", "gRPC does not start"};
  return server;
}

void PeopleServer::stop() {
  if (!server_)
    return;
  const auto now =
      std::chrono::system_clock::now();  // tidy: gRPC's deadlines are of the real clock
  server_->Shutdown(now + kStopGrace);
  server_->Wait();
  server_.reset();
}

}  // namespace doorstep::rpc
