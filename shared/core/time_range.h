// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace doorstep {

// Times from outside (a phone, a file, an edited database) are arbitrary 64-bit numbers. Code that
// clamps or checks them against this range on input may add and subtract them without overflow;
// other code uses the saturating functions. Pure.

// A phone with a flat battery starts in 1970; nothing recorded happens after 2200-01-01.
constexpr std::int64_t kUnixMsMin = 0;
constexpr std::int64_t kUnixMsMax = 7'258'118'400'000;

constexpr bool isPlausibleUnixMs(std::int64_t unixMs) {
  return unixMs >= kUnixMsMin && unixMs <= kUnixMsMax;
}

constexpr std::int64_t clampUnixMs(std::int64_t unixMs) {
  return std::clamp(unixMs, kUnixMsMin, kUnixMsMax);
}

// Sum and difference, clamped to the range of int64.
constexpr std::int64_t saturatingAdd(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum))
    return sum;
  return b > 0 ? std::numeric_limits<std::int64_t>::max()
               : std::numeric_limits<std::int64_t>::min();
}

constexpr std::int64_t saturatingSubtract(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference))
    return difference;
  return b < 0 ? std::numeric_limits<std::int64_t>::max()
               : std::numeric_limits<std::int64_t>::min();
}

}  // namespace doorstep
