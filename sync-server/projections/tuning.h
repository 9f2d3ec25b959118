// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace doorstep::projections {

// Visits whose events stay in memory, so that the next entry about one of them reads nothing back
// from the log: the visits in progress of a region at the morning peak, at some 4 KB each.
constexpr std::size_t kHotVisitsMax = 20'000;

// Events in memory of all those visits: some 200 MB. One visit may have kEventsPerVisitMax.
constexpr std::size_t kHotEventsMax = 1'000'000;

}  // namespace doorstep::projections
