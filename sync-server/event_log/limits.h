// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::event_log {

// Whose bytes are kept: 32 MiB at worst; an honest phone has none.
constexpr std::uint32_t kOutsideEntriesPerDeviceMax = 512;
// Of those, bytes that the device did not sign, or that are no entry: whoever holds a phone's TLS
// key without its signing key must not use up the room of what the phone did sign.
constexpr std::uint32_t kUnsignedPerDeviceMax = 64;
// Numbers that may wait for the entry that the device did sign. Beyond them unsigned bytes stand
// for no number any more, so that they cannot carry the head on for ever.
constexpr std::size_t kOpenNsPerDeviceMax = 1'024;
// Of one entry of the office; a fact has at most 5 KiB, an entry 64 KiB, and most some 100 bytes.
// An import that sets the rules of hundreds of contracts makes several entries.
constexpr std::size_t kOfficeFactsPerEntryMax = 64;
constexpr std::uint32_t kAlarmsPerDeviceMax = 16;  // the first ones tell the story
constexpr std::size_t kContradictedCheckpointBytesMax = 4096;
constexpr std::size_t kRecentEntriesPerDevice = 64;  // one full exchange: what a retry asks about
// Devices that the writer remembers, each with its head and what it sent lately: 50 MB. Those that
// were heard from longest ago are read again when they come.
constexpr std::size_t kDevicesRememberedMax = 10'000;
constexpr std::uint64_t kRecentLeavesPerLog = 8192;  // in memory: 0.5 MiB; older ones are read
constexpr std::size_t kSubtreeCacheSize = 4096;      // hashes of older subtrees
constexpr std::size_t kSubtreesPerReadMax = 256;     // a tile of the tree
constexpr std::size_t kEntriesPerReadMax = 4096;     // entries() returns no more at once

}  // namespace doorstep::event_log
