// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/tiles.h"

#include <catch2/catch.hpp>

using namespace doorstep::evidence;

TEST_CASE("tile paths are written as the format has them and read back") {
  struct Vector {
    TilePath path;
    const char* text;
  };
  const Vector vectors[] = {
      {{false, 0, 0, 256}, "tile/0/000"},
      {{false, 0, 1234067, 256}, "tile/0/x001/x234/067"},
      {{false, 1, 5, 17}, "tile/1/005.p/17"},
      {{true, 0, 273, 112}, "tile/entries/273.p/112"},
      {{false, 2, 1000, 256}, "tile/2/x001/000"},
  };
  for (const Vector& vector : vectors) {
    CHECK(writeTilePath(vector.path) == vector.text);
    const auto read = parseTilePath(vector.text);
    REQUIRE(read);
    CHECK(writeTilePath(*read) == vector.text);
    CHECK(read->width == vector.path.width);
  }
}

TEST_CASE("a path that is not written exactly so is none") {
  for (const char* bad :
       {"", "tile", "tile/0", "tile/0/", "tile/8/000", "tile/00/000", "tile/0/00", "tile/0/0000",
        "tile/0/x000/001", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/07", "tile/0/000/1",
        "tile/0/000.p/1/", "tile/0/../000", "/tile/0/000", "tile/-1/000", "tile/0/x001",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999"})
    CHECK_FALSE(parseTilePath(bad));
}

TEST_CASE("a log of 70,000 leaves has the tiles that the format says") {
  constexpr std::uint64_t kSize = 70'000;
  CHECK(tileExists({false, 0, 272, 256}, kSize));
  CHECK(tileExists({false, 0, 273, 112}, kSize));
  CHECK_FALSE(tileExists({false, 0, 273, 113}, kSize));
  CHECK_FALSE(tileExists({false, 0, 273, 256}, kSize));
  CHECK(tileExists({false, 1, 0, 256}, kSize));
  CHECK(tileExists({false, 1, 1, 17}, kSize));
  CHECK_FALSE(tileExists({false, 1, 1, 18}, kSize));
  CHECK(tileExists({false, 2, 0, 1}, kSize));
  CHECK_FALSE(tileExists({false, 2, 0, 2}, kSize));
  CHECK_FALSE(tileExists({false, 3, 0, 1}, kSize));
}
