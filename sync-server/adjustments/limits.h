// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "shared/visits/office_fact.h"

namespace doorstep::adjustments {

// How far approved times may lie outside of the window of any version of the visit's plan. A carer
// who comes a day late has made another visit.
constexpr std::int64_t kFarFromPlanMsMax = 86'400'000;
// A supervisor may approve a time while her clock is a little ahead of the server's.
constexpr std::int64_t kFutureMsMax = 60'000;
constexpr std::size_t kNoteBytesMax = visits::kOfficeTextBytesMax;
// Of one slot: nobody has that much to say, and each one is read with the visit.
constexpr std::uint32_t kRevisionsMax = 200;

}  // namespace doorstep::adjustments
