// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "shared/core/clock.h"
#include "sync-server/identity/caller.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/identity/sessions.h"
#include "sync-server/storage/storage.h"

namespace grpc {
class AuthContext;
class ServerContextBase;
}  // namespace grpc

namespace doorstep::rpc {

class DeviceConnections;

// Metadata that the HTTPS front alone may set; a native client that sends any x-doorstep-… is
// refused before a handler runs.
// Token of the session cookie.
inline constexpr const char* kSessionMetadata = "x-doorstep-session";
inline constexpr const char* kPeerMetadata = "x-doorstep-peer";  // IP address of the browser

// The device that a client certificate of our authority names; none without one. Says nothing about
// whether the device is refused: it is for the log.
DeviceId certifiedDevice(const grpc::AuthContext& context);

// A phone that a call was recognised as, and the generation of the registry that said so.
struct RecognisedDevice {
  std::shared_ptr<const identity::KnownDevice> device;  // null: not recognised
  std::uint64_t generation = 0;
};

// Turns a call into its caller: the first line of every handler. Blocks for one short read (a
// device that was seen before costs a map lookup). Thread: any.
class CallerContext {
 public:
  CallerContext(storage::Storage& storage, identity::DeviceRegistry& devices,
                DeviceConnections& connections, const Clock& clock)
      : storage_(storage), devices_(devices), connections_(connections), clock_(clock) {}

  // The person behind the session. Error UNAUTHENTICATED (NOT_SIGNED_IN).
  Result<identity::AccountCaller> account(const grpc::ServerContextBase& call) const;
  // The same of a token, and when it ends; a use of it only when the call is one.
  Result<identity::ResolvedSession> session(std::string_view token) const;
  // The phone behind the client certificate that TLS verified against our authority; its
  // connection is a stranger's no more. Errors: PERMISSION_DENIED (DEVICE_UNKNOWN, DEVICE_REVOKED).
  Result<std::shared_ptr<const identity::KnownDevice>> device(
      const grpc::ServerContextBase& call) const;

  // The same for a call whose message is still to come.
  Result<RecognisedDevice> recognise(const grpc::ServerContextBase& call) const;
  // Only a phone that was seen before, for gRPC's own threads: blocks for nothing.
  RecognisedDevice remembered(const grpc::ServerContextBase& call) const;
  // When the message has come: it is as it was recognised, and not been revoked since.
  Result<std::shared_ptr<const identity::KnownDevice>> stillDevice(
      const grpc::ServerContextBase& call, const RecognisedDevice& before) const;
  // The call ended before its message was whole.
  void abandoned(const grpc::ServerContextBase& call) const;

  // As the front set it; empty when it did not.
  static std::string sessionToken(const grpc::ServerContextBase& call);
  // Where the call comes from, for throttling: the front's x-doorstep-peer, else the TCP address
  // without its port.
  static std::string peerAddress(const grpc::ServerContextBase& call);

 private:
  storage::Storage& storage_;
  identity::DeviceRegistry& devices_;
  DeviceConnections& connections_;
  const Clock& clock_;
};

}  // namespace doorstep::rpc
