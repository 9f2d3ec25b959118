// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/scope_days.h"

#include "shared/core/local_time.h"

namespace doorstep::roster {

std::int64_t localDay(std::int64_t unixMs) { return londonDayNumber(unixMs); }

std::int64_t dayBeginUnixMs(std::int64_t day) { return londonDayBeginUnixMs(day); }

}  // namespace doorstep::roster
