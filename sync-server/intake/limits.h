// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::intake {

// A commit takes what was queued during the previous one, up to this. Without a limit, a thousand
// phones with full exchanges make commits of 40,000 events and wait 430 ms for them; at 2,000 the
// flush is 1 % of the work.
constexpr std::size_t kEventsPerCommitMax = 2'000;
// Exchanges without events also cost time in a commit.
constexpr std::size_t kExchangesPerCommitMax = 1'000;
// Waiting for the writer; beyond it an exchange is refused with SERVER_BUSY. With one outstanding
// exchange per phone: 20,000 phones at once, about 100 MB at most.
constexpr std::size_t kExchangesQueuedMax = 20'000;
constexpr std::size_t kBytesQueuedMax = 128 * 1024 * 1024;

// Entries waiting for a plan that one commit examines: about 5 ms of reading.
constexpr std::uint32_t kWaitingPerCommitMax = 256;
// How far the server's clock may be behind the newest arrival: the most that a time server slews.
constexpr std::int64_t kClockSlewMsMax = 2'000;
// Plan objects in one exchange: the number of visits that a phone sends at a time.
constexpr int kHeldVisitsMax = 32;
// Checkpoints per device and commit whose time is looked up: an honest exchange names one or two,
// and each look-up reads up to 255 rows per level of tiles, on the writer.
constexpr std::size_t kCheckpointLookUpsMax = 4;

}  // namespace doorstep::intake
