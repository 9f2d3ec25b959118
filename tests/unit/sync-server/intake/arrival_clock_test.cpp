// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/arrival_clock.h"

#include <catch2/catch.hpp>

#include "sync-server/intake/limits.h"
#include "tests/support/intake_fixture.h"
#include "tests/support/office_fixture.h"

namespace doorstep::intake {
namespace {

constexpr std::int64_t kNoonUnixMs = 1'795'434'000'000;

TEST_CASE("arrivals are stamped with the clock, and never before what is stamped already") {
  support::SetClock clock("2026-11-23T12:00:00");
  const std::int64_t noon = clock.wallUnixMs();
  ArrivalClock arrivals(clock, noon - 5);
  CHECK(arrivals.stamp().value() == noon);
  clock.advance(10);
  CHECK(arrivals.stamp().value() == noon + 10);
  clock.advance(-kClockSlewMsMax);
  CHECK(arrivals.stamp().value() == noon + 10);
  clock.advance(-1);
  const auto refused = arrivals.stamp();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().reason == "SERVER_CLOCK");
  CHECK(refused.error().code == ErrorCode::Unavailable);
  clock.advance(kClockSlewMsMax + 2);
  CHECK(arrivals.stamp().value() == noon + 11);
}

TEST_CASE("a server whose clock stands before its newest record is refused in words") {
  CHECK(checkServerClock(kNoonUnixMs, 0).ok());
  CHECK(checkServerClock(kNoonUnixMs, kNoonUnixMs + kClockSlewMsMax).ok());
  const Status refused = checkServerClock(kNoonUnixMs, kNoonUnixMs + kClockSlewMsMax + 1);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().reason == "SERVER_CLOCK");
  CHECK(refused.error().text.find("--clock-is-right") != std::string::npos);
}

TEST_CASE("the newest arrival is found in whatever log it is") {
  support::IntakeFixture server;
  support::SigningPhone phone(1, 3, 40);
  const ProviderId providers[] = {ProviderId(3), ProviderId(4)};
  CHECK(newestArrivalUnixMs(server.log(), providers).value() == 0);
  REQUIRE(server.submit(phone, {phone.record(support::kVisit)}).status.ok());
  CHECK(newestArrivalUnixMs(server.log(), providers).value() ==
        support::IntakeFixture::kReceivedUnixMs);
}

}  // namespace
}  // namespace doorstep::intake
