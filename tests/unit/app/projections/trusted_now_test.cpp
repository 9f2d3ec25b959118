// SPDX-License-Identifier: Apache-2.0
#include "app/projections/trusted_now.h"

#include <catch2/catch.hpp>
#include <limits>

#include "shared/core/durations.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {
namespace {

using projections::ClockFault;

}  // namespace

TEST_CASE("a phone whose date is a year off shows the round of the day that the office told") {
  for (const std::int64_t off : {-365 * kDayMs, 365 * kDayMs, -2 * kDayMs, -56 * 365 * kDayMs}) {
    INFO(off);
    ScriptedServer server;
    server.planDay(2);
    TestPhone phone(server);
    phone.clock.setWall(kMorningUnixMs + off);
    phone.start();
    phone.talk();
    auto round = phone->round();
    CHECK(round.day == "2026-11-23");
    CHECK(round.visits.size() == 2);
    CHECK(round.clockFault == ClockFault::Date);

    // The next day, still without having heard more.
    phone.clock.advance(kDayMs);
    CHECK(phone->round().day == "2026-11-24");

    // After the phone was started again, its clock as wrong as before.
    phone.end();
    phone.clock.reboot();
    phone.clock.advance(60'000);
    phone.open();
    round = phone->round();
    CHECK(round.clockFault == ClockFault::Date);
    CHECK(round.day == "2026-11-24");

    // And after somebody set it right.
    phone.clock.setWall(kMorningUnixMs + kDayMs + 3'600'000);
    round = phone->round();
    CHECK(round.clockFault == ClockFault::None);
    CHECK(round.day == "2026-11-24");
  }
}

TEST_CASE("a flat battery after the last answer shows the last day that is certain") {
  ScriptedServer server;
  server.planDay(2);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  CHECK(phone->round().clockFault == ClockFault::None);
  phone.end();
  phone.clock.reboot();
  phone.clock.setWall(0);
  phone.open();
  const auto round = phone->round();
  CHECK(round.day == "2026-11-23");
  CHECK(round.visits.size() == 2);
  CHECK(round.clockFault == ClockFault::Date);
}

TEST_CASE("a clock that is an hour off is said to be, and one that is minutes off is not") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.clock.setWall(kMorningUnixMs + 3'600'000);
  CHECK(phone->round().clockFault == ClockFault::Time);
  phone.clock.setWall(kMorningUnixMs - 3'600'000);
  CHECK(phone->round().clockFault == ClockFault::Time);
  phone.clock.setWall(kMorningUnixMs + 5 * 60'000);
  CHECK(phone->round().clockFault == ClockFault::None);
}

TEST_CASE("a phone that never heard the office has its wall clock only") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.clock.setWall(kMorningUnixMs - 365 * kDayMs);
  CHECK(phone->round().day == "2025-11-23");
  CHECK(phone->round().clockFault == ClockFault::None);
}

TEST_CASE("any clock and any answer give a time") {
  constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t wall : {kLowest, std::int64_t{0}, kHighest}) {
    for (const std::int64_t server : {kLowest, std::int64_t{0}, std::int64_t{1}, kHighest}) {
      for (const std::int64_t then : {kLowest, std::int64_t{0}, kHighest}) {
        for (const std::uint64_t boot : {1, 2}) {
          platform::FakeClock clock(wall, 1, ~std::uint64_t{0});
          journal::SyncState state;
          state.replyBoot = static_cast<std::uint32_t>(boot);
          state.replyServerUnixMs = server;
          state.replyWallUnixMs = then;
          (void)projections::trustedNow(clock, state);
        }
      }
    }
  }
}

}  // namespace doorstep::test
