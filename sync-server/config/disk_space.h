// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace doorstep::config {

// Below this the server warns, at start and every kDiskToldEveryMs: a large provider's day takes
// 80 MB, and a full disk stops every phone's sync.
constexpr std::uint64_t kDiskLowBytes = 512ULL * 1024 * 1024;
// Below this a commit is about to fail or has failed: a WAL grows to about 4 MiB between
// checkpoints.
constexpr std::uint64_t kDiskFullBytes = 8ULL * 1024 * 1024;
constexpr std::int64_t kDiskToldEveryMs = 10 * 60'000;
constexpr std::int64_t kDiskLookedEveryMs = 10'000;

// A log line when the folder's file system is low on space; nullopt when it is not, or when that
// cannot be determined. Thread: any.
std::optional<std::string> diskSpaceWarning(const std::string& folder);
// The line for this much free space.
std::optional<std::string> diskSpaceWarning(std::uint64_t freeBytes);

}  // namespace doorstep::config
