// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace doorstep::rpc {

// ImportRota: 16 MiB of files and their frame.
constexpr std::size_t kMessageBytesMax = 17 * 1024 * 1024;
constexpr std::size_t kWatchesMax = 20'000;  // streams; 20 kB each
// Two for each exchange that may wait for the writer.
constexpr std::size_t kTasksQueuedMax = 40'000;
// A ping more often than this from a phone without data is answered with "enhance your calm".
constexpr int kClientPingIntervalMinMs = 30'000;
// A connection without a call is closed: a phone in the background holds 120 kB of TLS state
// otherwise.
constexpr int kConnectionIdleMaxMs = 15 * 60 * 1000;
// Lines about refusals that the server writes into its log in a minute, and as many about
// quarantine, alarms and libraries each. A person reads some; a hostile device that causes all of
// them for a whole day fills 35 MB of the disk.
constexpr std::uint32_t kLogLinesPerMinuteMax = 60;
// Calls in progress get this long to end when the server stops; then they are cut, and phones
// retry.
constexpr std::chrono::milliseconds kStopGrace{2'000};

}  // namespace doorstep::rpc
