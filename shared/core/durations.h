// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace doorstep {

// Lengths in milliseconds. Days and weeks are of 24 hours; civil days are local_time.h's.
constexpr std::int64_t kSecondMs = 1'000;
constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;

}  // namespace doorstep
