// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

namespace doorstep::config {
namespace {

// The database's connections and files, gRPC's, the log, and those of commands.
constexpr std::size_t kReserved = 192;
// Both listeners at their limits, plus the reserve.
constexpr std::size_t kUsable = 65'536;
// Too few to serve anybody: lower limits are shared out as this one.
constexpr std::size_t kLeast = 320;
// A connection of the device port is watched through a duplicate descriptor.
constexpr std::size_t kPerDeviceConnection = 2;

}  // namespace

std::size_t raiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return kLeast;
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, kUsable);
  if (limit.rlim_cur < wanted) {
    rlimit raised = limit;
    raised.rlim_cur = wanted;
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
      limit = raised;
  }
  return static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, kUsable));
}

DescriptorShares shareDescriptors(std::size_t limit) {
  const std::size_t shared = std::max(limit, kLeast) - kReserved;
  DescriptorShares shares;
  shares.front.connectionsMax = std::min(shares.front.connectionsMax, shared / 3);
  shares.front.connectionsPerAddressMax =
      std::min(shares.front.connectionsPerAddressMax, shares.front.connectionsMax / 2);
  auto& devices = shares.devices;
  devices.max =
      std::min(devices.max, (shared - shares.front.connectionsMax) / kPerDeviceConnection);
  devices.strangersMax = std::min(devices.strangersMax, std::max<std::size_t>(devices.max / 2, 2));
  devices.strangersPerShareMax =
      std::min(devices.strangersPerShareMax, std::max<std::size_t>(devices.strangersMax / 2, 1));
  return shares;
}

}  // namespace doorstep::config
