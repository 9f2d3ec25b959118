// SPDX-License-Identifier: Apache-2.0
#include "shared/core/id_source.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace doorstep;

namespace {

class StandingClock final : public Clock {
 public:
  std::int64_t wallUnixMs() const override { return wall; }
  std::uint64_t bootMs() const override { return 0; }
  std::uint32_t boot() const override { return 1; }
  std::int64_t wall = 1'795'338'000'000;
};

class FilledIds final : public IdSource {
 public:
  explicit FilledIds(std::uint8_t fill) : fill_(fill) {}
  void fillRandom(std::span<std::uint8_t> bytes) override {
    std::fill(bytes.begin(), bytes.end(), fill_);
  }

 private:
  std::uint8_t fill_;
};

}  // namespace

TEST_CASE("ids grow even when the clock stands or goes back") {
  StandingClock clock;
  SystemIdSource ids;
  std::uint64_t last = 0;
  for (int i = 0; i < 1'000; ++i) {
    const std::uint64_t id = ids.newId(clock);
    REQUIRE(id > last);
    last = id;
  }
  clock.wall -= 86'400'000;
  CHECK(ids.newId(clock) > last);
}

TEST_CASE("an id holds its time above 22 random bits and fits 63 bits") {
  const StandingClock clock;
  const std::uint64_t lowest = FilledIds(0x00).newId(clock);
  const std::uint64_t highest = FilledIds(0xFF).newId(clock);
  CHECK(lowest >> 22 == static_cast<std::uint64_t>(clock.wall - 1'577'836'800'000));
  CHECK(highest - lowest == (1U << 22) - 1);
  CHECK(highest >> 63 == 0);
}

TEST_CASE("a clock before 2020 still gives an id") {
  StandingClock clock;
  clock.wall = 0;
  CHECK(FilledIds(0).newId(clock) > 0);
}
