// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::visits {

constexpr std::size_t kEventsPerEntryMax = 256;    // a day's visit has 15; a guard, not a target
constexpr std::size_t kEntryBytesMax = 64 * 1024;  // also what a tile entry bundle could hold
constexpr std::size_t kNoteBytesMax = 2000;        // UTF-8
constexpr std::uint32_t kRunningLateMinMax = 600;
constexpr std::uint32_t kTaskNumberMax = 1000;
constexpr std::size_t kEntriesPerExchangeMax = 64;  // 64 signatures: 5 ms of one core
// A request; more waits for the next exchange.
constexpr std::size_t kExchangeBytesMax = 1024 * 1024;

}  // namespace doorstep::visits
