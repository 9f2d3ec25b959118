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

// Metadata that only the HTTPS front may set; a native client that sends any x-doorstep-… is
// refused before a handler runs. Token of the session cookie.
inline constexpr const char* kSessionMetadata = "x-doorstep-session";
inline constexpr const char* kPeerMetadata = "x-doorstep-peer";  // IP address of the browser

// The device named in a client certificate of our authority; absent without one. Does not check
// whether the device is revoked: used for the log.
DeviceId certifiedDevice(const grpc::AuthContext& context);

// A recognised phone, and the registry's generation at that time.
struct RecognisedDevice {
  std::shared_ptr<const identity::KnownDevice> device;  // null: not recognised
  std::uint64_t generation = 0;
};

// Determines a call's caller; the first step of every handler. Blocks for one short read (a cached
// device costs a map look-up). Thread: any.
class CallerContext {
 public:
  CallerContext(storage::Storage& storage, identity::DeviceRegistry& devices,
                DeviceConnections& connections, const Clock& clock)
      : storage_(storage), devices_(devices), connections_(connections), clock_(clock) {}

  // The account of the session. Error UNAUTHENTICATED (NOT_SIGNED_IN).
  Result<identity::AccountCaller> account(const grpc::ServerContextBase& call) const;
  // The same for a token, with its expiry; does not count as a use of the session.
  Result<identity::ResolvedSession> session(std::string_view token) const;
  // The phone of the client certificate that TLS verified against our authority; its connection
  // then counts as a device's. Errors: PERMISSION_DENIED (DEVICE_UNKNOWN, DEVICE_REVOKED).
  Result<std::shared_ptr<const identity::KnownDevice>> device(
      const grpc::ServerContextBase& call) const;

  // The same for a call whose message has not arrived yet.
  Result<RecognisedDevice> recognise(const grpc::ServerContextBase& call) const;
  // Cached devices only, for gRPC's threads: never blocks.
  RecognisedDevice remembered(const grpc::ServerContextBase& call) const;
  // Call when the message has arrived: fails if the device was revoked since.
  Result<std::shared_ptr<const identity::KnownDevice>> stillDevice(
      const grpc::ServerContextBase& call, const RecognisedDevice& before) const;
  // Reports a call that ended before its message was complete.
  void abandoned(const grpc::ServerContextBase& call) const;

  // As set by the front; empty otherwise.
  static std::string sessionToken(const grpc::ServerContextBase& call);
  // The call's origin for throttling: the front's x-doorstep-peer, otherwise the TCP address
  // without port.
  static std::string peerAddress(const grpc::ServerContextBase& call);

 private:
  storage::Storage& storage_;
  identity::DeviceRegistry& devices_;
  DeviceConnections& connections_;
  const Clock& clock_;
};

}  // namespace doorstep::rpc
