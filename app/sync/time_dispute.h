// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace doorstep::sync {

// One exchange as a phone's monotonic clock saw it, and what the server's clock said.
struct Contact {
  std::uint32_t boot = 0;
  std::uint64_t sentBootMs = 0;
  std::uint64_t answeredBootMs = 0;
  std::int64_t serverUnixMs = 0;  // when the answer was made
};

// Where the server's clock must stand while `now` is answered, by the contact before it.
struct TimeDispute {
  std::int64_t serverUnixMs = 0;  // what it said
  std::int64_t earliestUnixMs = 0;
  std::int64_t latestUnixMs = 0;
  bool operator==(const TimeDispute&) const = default;
};

// Whether one of the two server times is wrong: between them lies as much time as between the two
// exchanges on the phone's clock, but for the drift of that one and what the network took. None:
// they agree. Thread: any.
std::optional<TimeDispute> disputedTime(const Contact& before, const Contact& now);

}  // namespace doorstep::sync
