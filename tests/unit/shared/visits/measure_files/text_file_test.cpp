// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/text_file.h"

#include <catch2/catch.hpp>

using namespace doorstep;
using namespace doorstep::measure_files;

TEST_CASE("a place is counted in lines and characters") {
  const TextFile file = asTextFile("f", "\xEF\xBB\xBFé€x\nab");
  CHECK(file.begin == 3);
  CHECK(faultAt(file, 3, "m").text == "f:1:1: m");
  CHECK(faultAt(file, 8, "m").text == "f:1:3: m");
  CHECK(faultAt(file, 10, "m").text == "f:2:1: m");
  CHECK(faultAt(file, 12, "m").text == "f:2:3: m");
}

TEST_CASE("a fault is one line, whatever names and values are") {
  const TextFile file = asTextFile("a\nb", "");
  CHECK(faultAt(file, 0, shownValue("x\ny\xE2\x80\xAEz")).text.find('\n') == std::string::npos);
  CHECK(shownValue("short") == "\"short\"");
  const std::string cut = shownValue(std::string(59, 'a') + "é" + std::string(100, 'b'));
  CHECK(cut == "\"" + std::string(59, 'a') + "…\"");
}

TEST_CASE("a file that cannot be read is told as such") {
  CHECK(readTextFile("/", 10).error().reason == "FILE_READ");
  CHECK(readTextFile("/nowhere/at all", 10).error().reason == "FILE_READ");
  CHECK(readTextFile("/dev/full", 10).value().firstBadByte == 0);  // reads NULs without an end
}
