// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace doorstep::projections {

// How far a round looks beyond its day. A night shift lasts at most some twelve hours and crosses
// midnight: what comes within eight hours can be opened now.
constexpr std::int64_t kRoundAheadMs = 8LL * 3'600'000;
// What nobody has begun stays this long after its latest planned end: as long as somebody may
// still be on the way or record it late.
constexpr std::int64_t kRoundBackMs = 24LL * 3'600'000;
// A door at which there was no entry stays for a second try, whatever the plan says.
constexpr std::int64_t kNoEntryBackMs = 12LL * 3'600'000;

}  // namespace doorstep::projections
