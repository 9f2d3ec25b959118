// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/wide.h"

#include <catch2/catch.hpp>

using namespace doorstep::measures;

TEST_CASE("a decimal is rounded half away from zero, whatever the signs") {
  CHECK(decimalText({1, 2'000'000}) == "0.000001");
  CHECK(decimalText({-1, 2'000'000}) == "-0.000001");
  CHECK(decimalText({1, -2'000'000}) == "-0.000001");
  CHECK(decimalText({-1, -2'000'000}) == "0.000001");
  CHECK(decimalText({-1, 3'000'000}) == "0.000000");
  CHECK(decimalText({0, -3}) == "0.000000");
  CHECK(decimalText({19'999'995, 10'000'000}) == "2.000000");
}

TEST_CASE("figures beyond 64 bits are exact") {
  const Wide large = Wide{999'999'999'999'999} * 60'000;
  CHECK(wideText(large) == "59999999999999940000");
  CHECK(wideText(-large) == "-59999999999999940000");
  CHECK(decimalText({large, 60'000}) == "999999999999999.000000");
  CHECK(decimalText({kWideLimit, kWideLimit}) == "1.000000");
  CHECK(decimalText({kWideLimit - 1, kWideLimit}) == "1.000000");
}

TEST_CASE("a product that does not fit is no exact figure, and does not wrap") {
  CHECK(isExact({cappedProduct(1'000'000, -7), 1}));
  const Wide beyond = cappedProduct(kWideLimit, kWideLimit);
  CHECK(beyond > kWideLimit);
  CHECK_FALSE(isExact({beyond, 1}));
  CHECK_FALSE(isExact({cappedProduct(kWideLimit, -kWideLimit), 1}));
}
