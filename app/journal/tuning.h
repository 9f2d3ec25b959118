// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::journal {

// How long an entry is kept after its receipt, by the server's clock: a server restored from a
// backup up to this old can be sent everything again.
constexpr std::int64_t kRetentionMs = 14LL * 24 * 3'600'000;
// Events of one entry together, so that the whole entry stays below 64 KiB (visits/limits.h). An
// event is larger in the journal than in an entry, so this is an upper bound.
constexpr std::size_t kEntryEventBytesMax = 60 * 1024;
// Entries that one compaction removes: 5 ms of work, so that it does not delay a tap.
constexpr int kCompactedEntriesMax = 200;

}  // namespace doorstep::journal
