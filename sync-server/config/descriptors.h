// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "sync-server/http/limits.h"
#include "sync-server/rpc/device/device_connections.h"

namespace doorstep::config {

// Raises this process's soft limit of open descriptors to its hard one, as far as they can be used;
// the limit that is in force afterwards. Shells and service managers start programs with 1,024,
// which a thousand phones use up.
std::size_t raiseDescriptorLimit();

// What each door may hold, so that both together stay below the limit: the database, the files and
// the other door must not fail because one is full. Pure.
struct DescriptorShares {
  rpc::ConnectionLimits devices;
  http::FrontLimits front;
};
DescriptorShares shareDescriptors(std::size_t limit);

}  // namespace doorstep::config
