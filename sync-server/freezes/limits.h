// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "shared/visits/office_fact.h"

namespace doorstep::freezes {

constexpr std::size_t kNoteBytesMax = visits::kOfficeTextBytesMax;
// Of one month: it is closed again after a correction, not day by day.
constexpr std::uint32_t kFreezesOfMonthMax = 50;

}  // namespace doorstep::freezes
