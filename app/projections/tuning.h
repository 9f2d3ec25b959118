// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace doorstep::projections {

// How far a round extends beyond its day. A night shift lasts at most about twelve hours and
// crosses midnight: a visit within the next eight hours can be opened now.
constexpr std::int64_t kRoundAheadMs = 8LL * 3'600'000;
// A visit that was not begun stays this long after its latest planned end: a carer may still be on
// the way or record it late.
constexpr std::int64_t kRoundBackMs = 24LL * 3'600'000;
// A visit with no entry stays on the round for a second try, whatever the plan contains.
constexpr std::int64_t kNoEntryBackMs = 12LL * 3'600'000;

}  // namespace doorstep::projections
