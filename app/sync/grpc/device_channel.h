// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpc/support/time.h>
#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>
#include <string>

#include "shared/core/result.h"

namespace doorstep::sync {

// Channels as a phone needs them. Only the .cpp files of this folder include this.

struct ChannelKeys {
  std::string authorityPem;
  std::string certificateChainPem;  // empty: no client certificate
  std::string tlsKeyPem;
  // The lowest time that is certain (shared/crypto/server_chain.h); 0: none is.
  std::int64_t lowestNowUnixMs = 0;
};

// A new connection of its own; it connects with the first call. The phone's wall clock has no
// say in whether the server is the right one.
std::shared_ptr<grpc::Channel> makeDeviceChannel(const std::string& host, std::uint16_t port,
                                                 const ChannelKeys& keys);

// Monotonic: a wall clock that somebody sets ends no call.
gpr_timespec deadlineAfter(std::int64_t delayMs);

// The server sends its reason as the message of the status; what gRPC itself says is UNREACHABLE.
Error errorOf(const grpc::Status& status);

}  // namespace doorstep::sync
