// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <chrono>

#include "sync-server/rpc/limits.h"
#include "sync-server/rpc/metadata_guard.h"

namespace doorstep::rpc {
namespace {

std::shared_ptr<grpc::ServerCredentials> makeCredentials(const GrpcServerConfig& config) {
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = config.authorityPem;
  options.pem_key_cert_pairs.push_back({config.serverKeyPem, config.serverCertificatePem});
  auto credentials = grpc::SslServerCredentials(options);
  credentials->SetAuthMetadataProcessor(makeMetadataGuard(config.refusals));
  return credentials;
}

void tune(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(kMessageBytesMax));
  // Two servers on one port would share phones between two logs.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // Probing for bandwidth costs a ping for each small exchange.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kClientPingIntervalMinMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kConnectionIdleMaxMs);
}

std::string joinAddress(const std::string& address, std::uint16_t port) {
  const bool ipv6 = address.find(':') != std::string::npos;
  return (ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

}  // namespace

GrpcServer::GrpcServer() = default;
GrpcServer::~GrpcServer() { stop(); }

Result<std::unique_ptr<GrpcServer>> GrpcServer::start(const GrpcServerConfig& config) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  std::unique_ptr<GrpcServer> server(new GrpcServer());
  grpc::ServerBuilder builder;
  tune(builder);
  builder.AddListeningPort(joinAddress(config.address, config.port), makeCredentials(config),
                           &server->port_);
  for (auto* service : config.services)
    builder.RegisterService(service);
  server->server_ = builder.BuildAndStart();
  if (!server->server_ || server->port_ == 0)
    return Error{ErrorCode::Unavailable, "LISTEN_FAILED",
                 "cannot listen on " + joinAddress(config.address, config.port) +
                     " (in use, or not allowed)"};
  return server;
}

void GrpcServer::stop() {
  if (!server_)
    return;
  if (auto* health = server_->GetHealthCheckService())
    health->Shutdown();
  const auto now =
      std::chrono::system_clock::now();  // tidy: gRPC's deadlines are of the real clock
  server_->Shutdown(now + kStopGrace);
  server_->Wait();
  server_.reset();
}

}  // namespace doorstep::rpc
