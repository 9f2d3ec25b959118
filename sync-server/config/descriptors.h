// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "sync-server/http/limits.h"
#include "sync-server/rpc/device/device_connections.h"

namespace doorstep::config {

// Raises this process's soft limit of open descriptors to the hard limit, as far as useful, and
// returns the limit in force. Shells and service managers start programs with 1,024, fewer than a
// thousand phones need.
std::size_t raiseDescriptorLimit();

// Connection limits of the device port and the HTTPS front, whose sum stays below the descriptor
// limit: neither may starve the other, the database or files. Pure.
struct DescriptorShares {
  rpc::ConnectionLimits devices;
  http::FrontLimits front;
};
DescriptorShares shareDescriptors(std::size_t limit);

}  // namespace doorstep::config
