// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace doorstep::sync {

// One exchange by the phone's monotonic clock, and the server's clock in its answer.
struct Contact {
  std::uint32_t boot = 0;
  std::uint64_t sentBootMs = 0;
  std::uint64_t answeredBootMs = 0;
  std::int64_t serverUnixMs = 0;  // when the answer was made
};

// Where the server's clock should have been in the answer `now`, computed from the contact before.
struct TimeDispute {
  std::int64_t serverUnixMs = 0;  // the server's clock in that answer
  std::int64_t earliestUnixMs = 0;
  std::int64_t latestUnixMs = 0;
  bool operator==(const TimeDispute&) const = default;
};

// Whether one of the two server times is wrong: their difference must equal the time between the
// two exchanges on the phone's clock, within its drift and the network's delay. nullopt: they
// agree. Thread: any.
std::optional<TimeDispute> disputedTime(const Contact& before, const Contact& now);

}  // namespace doorstep::sync
