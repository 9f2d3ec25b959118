// SPDX-License-Identifier: Apache-2.0
#include "shared/core/time_range.h"

#include <catch2/catch.hpp>

using namespace doorstep;

namespace {
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
}  // namespace

TEST_CASE("sums and differences of any two numbers end at the range and do not wrap") {
  CHECK(saturatingAdd(2, 3) == 5);
  CHECK(saturatingAdd(kMost, 1) == kMost);
  CHECK(saturatingAdd(kLeast, -1) == kLeast);
  CHECK(saturatingAdd(kMost, kLeast) == -1);
  CHECK(saturatingSubtract(2, 3) == -1);
  CHECK(saturatingSubtract(kLeast, kMost) == kLeast);
  CHECK(saturatingSubtract(kMost, kLeast) == kMost);
  CHECK(saturatingSubtract(0, kLeast) == kMost);
}

TEST_CASE("any number is held to the times that a clock may say") {
  CHECK(clampUnixMs(kLeast) == kUnixMsMin);
  CHECK(clampUnixMs(-1) == kUnixMsMin);
  CHECK(clampUnixMs(1'790'000'000'000) == 1'790'000'000'000);
  CHECK(clampUnixMs(kMost) == kUnixMsMax);
  CHECK(isPlausibleUnixMs(0));
  CHECK_FALSE(isPlausibleUnixMs(-1));
  CHECK_FALSE(isPlausibleUnixMs(kUnixMsMax + 1));
}
