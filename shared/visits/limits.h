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

// A visit of fifteen events and as many amendments has 30. Beyond these its entries are kept in the
// log and not counted, so that nobody can make a visit that takes a second to fold or to show. The
// share of one device leaves room for every colleague's.
constexpr std::size_t kEventsPerVisitOfDeviceMax = 512;
constexpr std::size_t kEventsPerVisitMax = 4'096;
// Received in one day: a phone records 225 events a day, so this is what one can bring that had no
// network for 200 days. A device that goes on signing beyond it is kept in the log, uncounted.
constexpr std::size_t kEventsPerDeviceDayMax = 50'000;

// What a carer says the right time was: nobody corrects to a time before 2000-01-01. The range of
// clocks is shared/core/time_range.h's.
constexpr std::int64_t kCorrectedUnixMsMin = 946'684'800'000;
// 126 years: no boot lasts as long.
constexpr std::uint64_t kBootMsMax = 4'000'000'000'000;
// Half the Earth's circumference.
constexpr std::uint32_t kDistanceMMax = 20'100'000;
// A fix that may be anywhere on Earth says nothing, and one of last month nothing more.
constexpr std::uint32_t kAccuracyMMax = kDistanceMMax;
constexpr std::uint32_t kFixAgeSMax = 31 * 24 * 3'600;

}  // namespace doorstep::visits
