// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace doorstep::config {

// Below this the server says so, at start and every kDiskToldEveryMs: a large provider's day is
// 80 MB, and a full disk keeps every phone waiting.
constexpr std::uint64_t kDiskLowBytes = 512ULL * 1024 * 1024;
// Below this a commit is about to fail, or has failed: a WAL grows to some 4 MiB between
// checkpoints.
constexpr std::uint64_t kDiskFullBytes = 8ULL * 1024 * 1024;
constexpr std::int64_t kDiskToldEveryMs = 10 * 60'000;
constexpr std::int64_t kDiskLookedEveryMs = 10'000;

// A line for the log when little is left where the folder lies; none otherwise, and when it cannot
// be found out. Thread: any.
std::optional<std::string> diskSpaceWarning(const std::string& folder);
// The line for this much space.
std::optional<std::string> diskSpaceWarning(std::uint64_t freeBytes);

}  // namespace doorstep::config
