// SPDX-License-Identifier: Apache-2.0
#include "shared/core/decimal.h"

#include <catch2/catch.hpp>
#include <string>

using doorstep::parseDecimal;

TEST_CASE("a number has one text in decimal") {
  CHECK(parseDecimal("0") == 0);
  CHECK(parseDecimal("7") == 7);
  CHECK(parseDecimal("18446744073709551615") == UINT64_MAX);
  for (const std::string text : {"", "00", "07", "+7", "-7", " 7", "7 ", "0x7", "7.0", "7a",
                                 "18446744073709551616", "99999999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parseDecimal(text));
  }
}
