// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/device/device_server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>

#include <chrono>

#include "sync-server/rpc/device/device_listener.h"
#include "sync-server/rpc/limits.h"
#include "sync-server/rpc/metadata_guard.h"

namespace doorstep::rpc {
namespace {

std::shared_ptr<grpc::ServerCredentials> makeCredentials(const DeviceServerConfig& config) {
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = config.authorityPem;
  options.pem_key_cert_pairs.push_back({config.serverKeyPem, config.serverCertificatePem});
  auto credentials = grpc::SslServerCredentials(options);
  credentials->SetAuthMetadataProcessor(makeMetadataGuard(config.refusals));
  return credentials;
}

void tune(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(kPhoneMessageBytesMax));
  builder.SetResourceQuota(grpc::ResourceQuota("device port").Resize(kDeviceBytesMax));
  const auto set = [&builder](const char* name, int value) {
    builder.AddChannelArgument(name, value);
  };
  set(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnectionMax);
  set(GRPC_ARG_MAX_METADATA_SIZE, kPhoneMetadataBytesMax);
  set(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kStrangerTimeMs);
  // Bandwidth probing costs a ping for each small exchange.
  set(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  set(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kClientPingIntervalMinMs);
  set(GRPC_ARG_HTTP2_MAX_PING_STRIKES, kPingStrikesMax);
  set(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kConnectionIdleMaxMs);
  set(GRPC_ARG_MAX_CONNECTION_AGE_MS, kConnectionAgeMaxMs);
  set(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kConnectionAgeGraceMs);
  // Detects a phone that vanished with an open watch.
  set(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveIntervalMs);
  set(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
}

}  // namespace

DeviceServer::DeviceServer() = default;
DeviceServer::~DeviceServer() { stop(); }

Result<std::unique_ptr<DeviceServer>> DeviceServer::start(const DeviceServerConfig& config) {
  std::unique_ptr<DeviceServer> server(new DeviceServer());
  grpc::ServerBuilder builder;
  tune(builder);
  server->acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      makeCredentials(config));
  for (auto* service : config.services)
    builder.RegisterService(service);
  server->server_ = builder.BuildAndStart();
  if (!server->server_)
    return Error{ErrorCode::Unavailable, "LISTEN_FAILED", "gRPC does not start"};
  const auto take = [acceptor = server->acceptor_](int socket) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = socket;
    acceptor->HandleNewConnection(&connection);
  };
  DOORSTEP_ASSIGN(server->listener_, DeviceListener::start({config.address, config.port, take},
                                                           config.connections, config.clock));
  return server;
}

std::uint16_t DeviceServer::port() const { return listener_->port(); }
Status DeviceServer::failure() const { return listener_->failure(); }

void DeviceServer::stop() {
  if (listener_)
    listener_->stop();
  if (!server_)
    return;
  const auto now =
      std::chrono::system_clock::now();  // tidy: gRPC's deadlines are of the real clock
  server_->Shutdown(now + kStopGrace);
  server_->Wait();
  server_.reset();
}

}  // namespace doorstep::rpc
