// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::event_log {

constexpr std::uint32_t kOutsideEntriesPerDeviceMax =
    512;                                           // 32 MiB at worst; an honest phone has none
constexpr std::uint32_t kAlarmsPerDeviceMax = 16;  // the first ones tell the story
constexpr std::size_t kContradictedCheckpointBytesMax = 4096;
constexpr std::size_t kRecentEntriesPerDevice = 64;  // one full exchange: what a retry asks about
constexpr std::uint64_t kRecentLeavesPerLog = 8192;  // in memory: 0.5 MiB; older ones are read
constexpr std::size_t kSubtreeCacheSize = 4096;      // hashes of older subtrees
constexpr std::size_t kEntriesPerReadMax = 4096;     // entries() returns no more at once

}  // namespace doorstep::event_log
