// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::event_log {

// Whose bytes are kept: 32 MiB at worst; an honest phone has none. Beyond it a row of some 150
// bytes keeps hash and reason of what stands for an n; the log has no fewer rows for as many n.
constexpr std::uint32_t kOutsideEntriesPerDeviceMax = 512;
constexpr std::uint32_t kAlarmsPerDeviceMax = 16;  // the first ones tell the story
constexpr std::size_t kContradictedCheckpointBytesMax = 4096;
constexpr std::size_t kRecentEntriesPerDevice = 64;  // one full exchange: what a retry asks about
// Devices that the writer remembers, each with its head and what it sent lately: 50 MB. Those that
// were heard from longest ago are read again when they come.
constexpr std::size_t kDevicesRememberedMax = 10'000;
constexpr std::uint64_t kRecentLeavesPerLog = 8192;  // in memory: 0.5 MiB; older ones are read
constexpr std::size_t kSubtreeCacheSize = 4096;      // hashes of older subtrees
constexpr std::size_t kEntriesPerReadMax = 4096;     // entries() returns no more at once

}  // namespace doorstep::event_log
