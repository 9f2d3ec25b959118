// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::intake {

// A commit takes what queued during the last one, up to this. Without a cap a thousand greedy
// phones make commits of 40,000 events and wait 430 ms for them; at 2,000 the file's flush is 1 %
// of the work.
constexpr std::size_t kEventsPerCommitMax = 2'000;
// Exchanges without events cost a commit something too.
constexpr std::size_t kExchangesPerCommitMax = 1'000;
// Waiting for the writer; beyond it an exchange is refused with SERVER_BUSY. One outstanding
// exchange a phone: 20,000 phones at once, and at most about 100 MB.
constexpr std::size_t kExchangesQueuedMax = 20'000;
constexpr std::size_t kBytesQueuedMax = 128 * 1024 * 1024;

// Entries that wait for a plan and are looked at in one commit: some 5 ms of reading.
constexpr std::uint32_t kWaitingPerCommitMax = 256;
// How far the server's clock may stand before the newest arrival: a time server slews it so far and
// no further.
constexpr std::int64_t kClockSlewMsMax = 2'000;
// Plan objects of one exchange: as many visits as a phone tells of at a time.
constexpr int kHeldVisitsMax = 32;
// Checkpoints of which a device may want to know the time in one commit: an honest exchange names
// one or two, and each reads up to 255 rows for each level of tiles, on the writer.
constexpr std::size_t kCheckpointLookUpsMax = 4;

}  // namespace doorstep::intake
