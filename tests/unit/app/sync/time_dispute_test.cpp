// SPDX-License-Identifier: Apache-2.0
#include "app/sync/time_dispute.h"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {

using sync::Contact;
using sync::disputedTime;

namespace {

constexpr std::int64_t kNoonUnixMs = 1'795'434'000'000;
constexpr Contact kBefore{3, 10'000, 12'000, kNoonUnixMs};

// An hour after kBefore on the phone's clock, two seconds long.
Contact hourLater(std::int64_t serverUnixMs) { return {3, 3'612'000, 3'614'000, serverUnixMs}; }

}  // namespace

TEST_CASE("two answers may lie as far apart as their exchanges, the network and drift allow") {
  // Between 3,600 and 3,604 s by the phone, 360 ms of drift and half a second of the server's own.
  CHECK_FALSE(disputedTime(kBefore, hourLater(kNoonUnixMs + 3'600'000 - 860)));
  CHECK_FALSE(disputedTime(kBefore, hourLater(kNoonUnixMs + 3'604'000 + 861)));
  const auto early = disputedTime(kBefore, hourLater(kNoonUnixMs + 3'600'000 - 861));
  REQUIRE(early);
  CHECK(early->earliestUnixMs == kNoonUnixMs + 3'600'000 - 860);
  CHECK(early->latestUnixMs == kNoonUnixMs + 3'604'000 + 861);
  CHECK(disputedTime(kBefore, hourLater(kNoonUnixMs + 3'604'000 + 862)));
  CHECK(disputedTime(kBefore, hourLater(kNoonUnixMs - 1)));
}

TEST_CASE("nothing follows from contacts of two boots or that overlap, nor from impossible times") {
  Contact later = hourLater(0);
  later.boot = 4;
  CHECK_FALSE(disputedTime(kBefore, later));
  CHECK_FALSE(disputedTime(hourLater(0), kBefore));
  Contact highest = kBefore;
  highest.serverUnixMs = std::numeric_limits<std::int64_t>::max();
  CHECK_FALSE(disputedTime(highest, hourLater(0)));
}

TEST_CASE("a server whose clock jumped gets its receipts believed, and is told once") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  server.nowUnixMs += 3'600'000;  // no such hour went by
  phone.visit(101);
  std::size_t told = 0;
  while (!phone.sent.empty()) {
    told += phone.sent.front().request.has_time_dispute() ? 1 : 0;
    phone.answer(server.exchange(DeviceId(7), phone.sent.front().request));
  }
  CHECK(told == 1);
  CHECK(phone.engine().isDrained());
  CHECK(phone.journal().entry(1)->receipt->position == 0);
}

}  // namespace doorstep::test
