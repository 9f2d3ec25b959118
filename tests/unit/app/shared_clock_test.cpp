// SPDX-License-Identifier: Apache-2.0
#include "shared/core/shared_clock.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/temporary_folder.h"

namespace doorstep {

TEST_CASE("a standing shared clock shows every reader the time that was set") {
  support::TemporaryFolder folder;
  const std::string file = folder.file("clock");
  REQUIRE(setSharedClock(file, 1'795'420'800'000, 0).ok());
  const auto first = SharedClock::open(file);
  const auto second = SharedClock::open(file);
  REQUIRE((first.ok() && second.ok()));
  CHECK((*first)->wallUnixMs() == 1'795'420'800'000);
  const std::uint64_t boot = (*first)->bootMs();
  REQUIRE(setSharedClock(file, 1'795'420'860'000, 0).ok());
  CHECK((*second)->wallUnixMs() == 1'795'420'860'000);
  CHECK((*second)->bootMs() == boot + 60'000);
  CHECK((*first)->boot() == (*second)->boot());
}

TEST_CASE("a shared clock never runs backwards") {
  support::TemporaryFolder folder;
  const std::string file = folder.file("clock");
  REQUIRE(setSharedClock(file, 1'000'000'000, 0).ok());
  const auto refused = setSharedClock(file, 999'999'999, 0);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().reason == "CLOCK_BACKWARDS");
}

TEST_CASE("a shared clock runs at its rate") {
  support::TemporaryFolder folder;
  const std::string file = folder.file("clock");
  REQUIRE(
      setSharedClock(file, 1'000'000'000, 1'000'000'000'000).ok());  // a million times real time
  const auto clock = SharedClock::open(file);
  REQUIRE(clock.ok());
  const std::int64_t begin = (*clock)->wallUnixMs();
  while ((*clock)->wallUnixMs() == begin) {
  }
  CHECK(((*clock)->wallUnixMs() - begin) % 1'000'000 == 0);
}

TEST_CASE("a file that is no clock is refused") {
  support::TemporaryFolder folder;
  CHECK_FALSE(SharedClock::open(folder.file("none")).ok());
  std::ofstream(folder.file("text")) << std::string(4096, 'x');
  CHECK(SharedClock::open(folder.file("text")).error().reason == "CLOCK_FILE");
}

}  // namespace doorstep
