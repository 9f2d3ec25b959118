// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/disk_space.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

namespace doorstep::config {

std::optional<std::string> diskSpaceWarning(std::uint64_t freeBytes) {
  const std::uint64_t left = freeBytes / (1024 * 1024);
  if (freeBytes < kDiskFullBytes)
    return fmt::format(
        "DISK_FULL: {} MiB are left for the database; phones keep what they record until there is "
        "room",
        left);
  if (freeBytes < kDiskLowBytes)
    return fmt::format("DISK_LOW: {} MiB are left for the database", left);
  return std::nullopt;
}

std::optional<std::string> diskSpaceWarning(const std::string& folder) {
  struct statvfs space {};
  if (statvfs(folder.c_str(), &space) != 0)
    return std::nullopt;
  return diskSpaceWarning(static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize);
}

}  // namespace doorstep::config
