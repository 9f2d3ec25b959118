// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::journal {

// How long an entry stays after its receipt, by the server's clock: as long as a server may be set
// back by a backup and still be given everything again.
constexpr std::int64_t kRetentionMs = 14LL * 24 * 3'600'000;
// Events of one entry together, so that the entry with its own fields stays below 64 KiB
// (visits/limits.h); an event in the journal is larger than in an entry.
constexpr std::size_t kEntryEventBytesMax = 60 * 1024;
// Entries that one compaction removes: 5 ms of work, so that it never stands before a tap.
constexpr int kCompactedEntriesMax = 200;

}  // namespace doorstep::journal
