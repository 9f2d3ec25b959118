// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/caller_context.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/impl/codegen/server_context.h>
#include <grpcpp/security/auth_context.h>

#include <string_view>
#include <vector>

#include "sync-server/rpc/device/device_connections.h"

namespace doorstep::rpc {
namespace {

std::string metadataValue(const grpc::ServerContextBase& call, const char* key) {
  const auto found = call.client_metadata().find(key);
  return found == call.client_metadata().end()
             ? std::string()
             : std::string(found->second.data(), found->second.size());
}

// The client certificate verified by TLS; empty without one.
std::string certificateOf(const grpc::ServerContextBase& call) {
  const auto context = call.auth_context();
  if (!context || !context->IsPeerAuthenticated())
    return {};
  const auto certificates = context->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  return certificates.size() == 1 ? std::string(certificates[0].data(), certificates[0].size())
                                  : std::string();
}

}  // namespace

DeviceId certifiedDevice(const grpc::AuthContext& context) {
  const auto names = context.IsPeerAuthenticated()
                         ? context.FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME)
                         : std::vector<grpc::string_ref>();
  if (names.size() != 1)
    return {};
  return identity::deviceOfCommonName({names[0].data(), names[0].size()});
}

std::string CallerContext::sessionToken(const grpc::ServerContextBase& call) {
  return metadataValue(call, kSessionMetadata);
}

std::string CallerContext::peerAddress(const grpc::ServerContextBase& call) {
  std::string named = metadataValue(call, kPeerMetadata);
  if (!named.empty())
    return named;
  // "ipv4:192.0.2.1:50123", "ipv6:%5B2001:db8::1%5D:50123": the port differs per connection.
  const std::string peer = call.peer();
  const auto port = peer.rfind(':');
  return port == std::string::npos ? peer : peer.substr(0, port);
}

Result<identity::AccountCaller> CallerContext::account(const grpc::ServerContextBase& call) const {
  const std::string token = sessionToken(call);
  const std::int64_t now = clock_.wallUnixMs();
  const auto lease = storage_.read();
  DOORSTEP_ASSIGN(auto session, identity::resolveSession(lease, token, now));
  if (session.touchDue)
    identity::touchSessionLater(storage_, token, now);
  return session.caller;
}

Result<identity::ResolvedSession> CallerContext::session(std::string_view token) const {
  const auto lease = storage_.read();
  return identity::resolveSession(lease, token, clock_.wallUnixMs());
}

Result<std::shared_ptr<const identity::KnownDevice>> CallerContext::device(
    const grpc::ServerContextBase& call) const {
  const auto certificate = certificateOf(call);
  if (certificate.empty())
    return Error{ErrorCode::PermissionDenied, "DEVICE_UNKNOWN", "no client certificate"};
  const auto lease = storage_.read();
  DOORSTEP_ASSIGN(auto device, devices_.recognise(lease, certificate));
  connections_.recognised(call.peer(), device->caller.device);
  return device;
}

Result<RecognisedDevice> CallerContext::recognise(const grpc::ServerContextBase& call) const {
  const std::uint64_t generation = devices_.generation();
  DOORSTEP_ASSIGN(auto known, device(call));
  return RecognisedDevice{std::move(known), generation};
}

RecognisedDevice CallerContext::remembered(const grpc::ServerContextBase& call) const {
  const std::uint64_t generation = devices_.generation();
  auto known = devices_.remembered(certificateOf(call));
  if (known)
    connections_.recognised(call.peer(), known->caller.device);
  return {std::move(known), generation};
}

Result<std::shared_ptr<const identity::KnownDevice>> CallerContext::stillDevice(
    const grpc::ServerContextBase& call, const RecognisedDevice& before) const {
  if (before.device && devices_.generation() == before.generation)
    return before.device;
  return device(call);
}

void CallerContext::abandoned(const grpc::ServerContextBase& call) const {
  connections_.abandoned(call.peer());
}

}  // namespace doorstep::rpc
