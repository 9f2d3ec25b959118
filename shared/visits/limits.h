// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::visits {

constexpr std::size_t kEventsPerEntryMax = 256;    // a visit has 15; a guard, not a target
constexpr std::size_t kEntryBytesMax = 64 * 1024;  // also the limit of a tile's entry bundle
constexpr std::size_t kNoteBytesMax = 2000;        // UTF-8
constexpr std::uint32_t kRunningLateMinMax = 600;
constexpr std::uint32_t kTaskNumberMax = 1000;
constexpr std::size_t kEntriesPerExchangeMax = 64;  // 64 signatures: 5 ms on one core
// One request; further entries wait for the next exchange.
constexpr std::size_t kExchangeBytesMax = 1024 * 1024;

// A visit of fifteen events, all amended, has 30. Further entries stay in the log but are not
// counted, so that no visit takes a second to fold or to show. The limit per device leaves room for
// the other carers' devices.
constexpr std::size_t kEventsPerVisitOfDeviceMax = 512;
constexpr std::size_t kEventsPerVisitMax = 4'096;
// Counted by day of receipt: a phone records 225 events a day, so this allows an upload after 200
// days without network. Events beyond it stay in the log, uncounted.
constexpr std::size_t kEventsPerDeviceDayMax = 50'000;

// Lower limit of a time that a carer enters as a correction: 2000-01-01. The range of clocks is in
// shared/core/time_range.h.
constexpr std::int64_t kCorrectedUnixMsMin = 946'684'800'000;
// 126 years: longer than any boot.
constexpr std::uint64_t kBootMsMax = 4'000'000'000'000;
// Half the Earth's circumference.
constexpr std::uint32_t kDistanceMMax = 20'100'000;
// A larger accuracy radius or age carries no information.
constexpr std::uint32_t kAccuracyMMax = kDistanceMMax;
constexpr std::uint32_t kFixAgeSMax = 31 * 24 * 3'600;

}  // namespace doorstep::visits
