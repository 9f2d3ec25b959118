// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace doorstep::projections {

// Visits whose events stay in memory, so that the next entry about them needs no read of the log:
// the visits in progress of a region at the morning peak, about 4 KB each.
constexpr std::size_t kHotVisitsMax = 20'000;

// Events in memory of all those visits: about 200 MB. One visit may have kEventsPerVisitMax.
constexpr std::size_t kHotEventsMax = 1'000'000;

}  // namespace doorstep::projections
