// SPDX-License-Identifier: Apache-2.0
#include "sync-server/text/normal_form.h"

#include <catch2/catch.hpp>
#include <string>

namespace doorstep::text {
namespace {

TEST_CASE("two spellings of one character become one") {
  CHECK(toNfc("Zoe\xCC\x81") == "Zo\xC3\xA9");
  CHECK(toNfc("Zo\xC3\xA9") == "Zo\xC3\xA9");
  CHECK(toNfc("\xE2\x84\xAB") == "\xC3\x85");                       // the unit sign of Ångström
  CHECK(toNfc("\xE1\x84\x80\xE1\x85\xA1") == "\xEA\xB0\x80");       // a syllable of Hangul
  CHECK(toNfc("a\xCC\xA3\xCC\x87") == toNfc("a\xCC\x87\xCC\xA3"));  // marks in another order
}

TEST_CASE("plain text, no text and bytes that are no UTF-8 come back as they are") {
  CHECK(toNfc("").empty());
  CHECK(toNfc("C1 two") == "C1 two");
  CHECK(toNfc("e\xCC\x81\xFF") == "e\xCC\x81\xFF");
}

}  // namespace
}  // namespace doorstep::text
