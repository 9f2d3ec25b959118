// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::event_log {

// Stored bytes: 32 MiB at worst; an honest phone has none.
constexpr std::uint32_t kOutsideEntriesPerDeviceMax = 512;
// Of those, bytes that the device did not sign, or that are not an entry: somebody with a phone's
// TLS key but not its signing key must not use up the room for entries that the phone did sign.
constexpr std::uint32_t kUnsignedPerDeviceMax = 64;
// Open numbers per device. Beyond that, unsigned bytes are not assigned a number, so that they
// cannot advance the head without limit.
constexpr std::size_t kOpenNsPerDeviceMax = 1'024;
// Facts in one entry of the office; a fact has at most 5 KiB, most about 100 bytes; an entry 64
// KiB. An import that sets the rules of hundreds of contracts makes several entries.
constexpr std::size_t kOfficeFactsPerEntryMax = 64;
constexpr std::uint32_t kAlarmsPerDeviceMax = 16;  // the first ones suffice to investigate
constexpr std::size_t kContradictedCheckpointBytesMax = 4096;
constexpr std::size_t kRecentEntriesPerDevice = 64;  // one full exchange, for retries
// Devices cached by the writer with head and recent entries: 50 MB. The least recently used are
// read again when needed.
constexpr std::size_t kDevicesRememberedMax = 10'000;
constexpr std::uint64_t kRecentLeavesPerLog = 8192;  // in memory: 0.5 MiB; older ones are read
constexpr std::size_t kSubtreeCacheSize = 4096;      // hashes of older subtrees
constexpr std::size_t kSubtreesPerReadMax = 256;     // a tile of the tree
constexpr std::size_t kEntriesPerReadMax = 4096;     // most that entries() returns

}  // namespace doorstep::event_log
