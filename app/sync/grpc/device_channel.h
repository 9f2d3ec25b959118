// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpc/support/time.h>
#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>
#include <string>

#include "shared/core/result.h"

namespace doorstep::sync {

// gRPC channels for a phone. Private to this folder: included by its .cpp files only.

struct ChannelKeys {
  std::string authorityPem;
  std::string certificateChainPem;  // empty: no client certificate
  std::string tlsKeyPem;
  // Lower bound of true time (shared/crypto/server_chain.h); 0: unknown.
  std::int64_t lowestNowUnixMs = 0;
};

// A new, unshared connection, opened by the first call. The phone's wall clock does not affect the
// verification of the server.
std::shared_ptr<grpc::Channel> makeDeviceChannel(const std::string& host, std::uint16_t port,
                                                 const ChannelKeys& keys);

// Monotonic, so that setting the wall clock ends no call.
gpr_timespec deadlineAfter(std::int64_t delayMs);

// The server sends its reason as the status message; gRPC's own errors become UNREACHABLE.
Error errorOf(const grpc::Status& status);

}  // namespace doorstep::sync
