// SPDX-License-Identifier: Apache-2.0
#include "shared/timing/trusted_time.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "shared/core/durations.h"

using namespace doorstep;
using namespace doorstep::timing;

namespace {

constexpr std::int64_t kNineUnixMs = 1'795'338'000'000;  // 2026-11-22T09:00Z

// The device booted at 09:00 and its clock is exact.
Anchor anchorAt(std::int64_t sinceBootMs, std::int64_t tripMs) {
  Anchor anchor;
  anchor.boot = 1;
  anchor.sentBootMs = static_cast<std::uint64_t>(sinceBootMs);
  anchor.receivedUnixMs = kNineUnixMs + sinceBootMs + tripMs;
  anchor.replyBootMs = static_cast<std::uint64_t>(sinceBootMs - kMinuteMs);
  anchor.replyUnixMs = kNineUnixMs + sinceBootMs - kMinuteMs - tripMs;
  return anchor;
}

bool contains(const TrustedTime& time, std::int64_t unixMs) {
  return time.timeClass == TimeClass::Anchored && time.earliestUnixMs <= unixMs &&
         unixMs <= time.latestUnixMs;
}

}  // namespace

TEST_CASE("an event between two contacts of its boot is bounded from both sides") {
  const Anchor anchors[] = {anchorAt(kHourMs, 300)};
  const TrustedTime time =
      trustedTime(1, kHourMs - 10'000, kNineUnixMs + kHourMs - 10'000, anchors);
  CHECK(time.timeClass == TimeClass::Anchored);
  // 10 s before the request: 300 ms trip, 1 ms drift, 250 ms of the server's own error.
  CHECK(time.latestUnixMs == kNineUnixMs + kHourMs - 10'000 + 300 + 1 + 250);
  // 50 s after the reply: 300 ms trip, 5 ms drift, 250 ms.
  CHECK(time.earliestUnixMs == kNineUnixMs + kHourMs - 10'000 - 300 - 5 - 250);
}

TEST_CASE("an anchor counts after the event too, eight hours later within seconds") {
  const Anchor anchors[] = {anchorAt(8 * kHourMs, 300)};
  const TrustedTime time = trustedTime(1, 1000, kNineUnixMs + 1000, anchors);
  CHECK(contains(time, kNineUnixMs + 1000));
  CHECK(time.latestUnixMs - time.earliestUnixMs < 7'000);
}

TEST_CASE("an event that is younger than the exchange that brought it is of class C") {
  const Anchor anchors[] = {anchorAt(kHourMs, 300)};
  CHECK(trustedTime(1, kHourMs, kNineUnixMs, anchors).timeClass == TimeClass::Anchored);
  CHECK(trustedTime(1, kHourMs + 1, kNineUnixMs, anchors).timeClass == TimeClass::WallClock);
}

TEST_CASE("every anchor narrows the interval and none widens it") {
  const std::vector<Anchor> one{anchorAt(8 * kHourMs, 4'000)};
  std::vector<Anchor> two = one;
  two.push_back(anchorAt(4 * kHourMs, 100));
  const TrustedTime wide = trustedTime(1, 3 * kHourMs, kNineUnixMs, one);
  const TrustedTime narrow = trustedTime(1, 3 * kHourMs, kNineUnixMs, two);
  CHECK(narrow.earliestUnixMs > wide.earliestUnixMs);
  CHECK(narrow.latestUnixMs < wide.latestUnixMs);
}

TEST_CASE("rules use the wall clock inside the interval and the middle outside it") {
  const Anchor anchors[] = {anchorAt(kHourMs, 300)};
  const std::uint64_t bootMs = kHourMs - 10'000;
  const std::int64_t trueUnixMs = kNineUnixMs + kHourMs - 10'000;
  CHECK(trustedTime(1, bootMs, trueUnixMs + 100, anchors).ruledUnixMs == trueUnixMs + 100);
  const TrustedTime fast = trustedTime(1, bootMs, trueUnixMs + 17 * kMinuteMs, anchors);
  CHECK(fast.ruledUnixMs == fast.earliestUnixMs + (fast.latestUnixMs - fast.earliestUnixMs) / 2);
}

TEST_CASE("without an anchor of the boot there is nothing but the wall clock") {
  const Anchor anchors[] = {anchorAt(kHourMs, 300)};
  const TrustedTime time = trustedTime(2, 1000, 42, anchors);
  CHECK(time.timeClass == TimeClass::WallClock);
  CHECK(time.ruledUnixMs == 42);
  CHECK(trustedTime(1, 1000, 42, {}).timeClass == TimeClass::WallClock);
}

TEST_CASE("a request alone bounds from one side, which is no interval") {
  Anchor anchor = anchorAt(kHourMs, 300);
  anchor.replyBootMs.reset();
  CHECK(trustedTime(1, 1000, 42, {{anchor}}).timeClass == TimeClass::WallClock);
}

TEST_CASE("bounds that exclude each other are not trusted") {
  Anchor anchor = anchorAt(kHourMs, 300);
  anchor.replyUnixMs += kHourMs;  // a reply from the future
  CHECK(trustedTime(1, kHourMs, 42, {{anchor}}).timeClass == TimeClass::WallClock);
}

TEST_CASE("readings that are no times are skipped and never overflow") {
  constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
  const std::vector<Anchor> wrong{
      {1, kHuge, kNineUnixMs, 0, kNineUnixMs}, {1, 0, kFar, 0, kNineUnixMs},
      {1, 0, kNineUnixMs, kHuge, kNineUnixMs}, {1, 0, kNineUnixMs, 0, kFar},
      {1, 0, kNineUnixMs, 0, -kFar - 1},
  };
  CHECK(trustedTime(1, 0, 7, wrong).timeClass == TimeClass::WallClock);
  CHECK(trustedTime(1, kHuge, 7, {{anchorAt(kHourMs, 300)}}).ruledUnixMs == 7);
}

TEST_CASE(
    "the true time lies in the interval whatever the clocks within 100 ppm and the network do") {
  const bool held = rc::check([] {
    // A device clock with a rate error, in true milliseconds since 09:00.
    const std::int64_t ratePpm = *rc::gen::inRange(-100, 101);
    const auto bootMsAt = [ratePpm](std::int64_t trueMs) {
      return static_cast<std::uint64_t>(kHourMs + trueMs + trueMs * ratePpm / 1'000'000);
    };
    constexpr std::int64_t kFortnightMs = 14 * 24 * kHourMs;
    const std::int64_t eventMs = *rc::gen::inRange<std::int64_t>(0, kFortnightMs);
    std::vector<Anchor> anchors;
    const auto contacts = *rc::gen::inRange(1, 6);
    for (int i = 0; i < contacts; ++i) {
      const std::int64_t serverErrorMs =
          *rc::gen::inRange<std::int64_t>(-kServerErrorMs + 2, kServerErrorMs - 1);
      const std::int64_t replySentMs = *rc::gen::inRange<std::int64_t>(0, kFortnightMs);
      const std::int64_t replyTripMs = *rc::gen::inRange<std::int64_t>(0, 60'000);
      const std::int64_t sentMs =
          replySentMs + replyTripMs + *rc::gen::inRange<std::int64_t>(0, kFortnightMs);
      Anchor anchor;
      anchor.boot = 1;
      anchor.sentBootMs = bootMsAt(sentMs);
      anchor.receivedUnixMs =
          kNineUnixMs + sentMs + *rc::gen::inRange<std::int64_t>(0, 60'000) + serverErrorMs;
      anchor.replyBootMs = bootMsAt(replySentMs + replyTripMs);
      anchor.replyUnixMs = kNineUnixMs + replySentMs + serverErrorMs;
      anchors.push_back(anchor);
    }
    const auto wallUnixMs = *rc::gen::inRange<std::int64_t>(0, 2 * kNineUnixMs);
    const auto time = trustedTime(1, bootMsAt(eventMs), wallUnixMs, anchors);
    // Bounded by the exchanges that were sent after it; without one it is of class C.
    const bool sentLater = std::any_of(anchors.begin(), anchors.end(), [&](const Anchor& anchor) {
      return anchor.sentBootMs >= bootMsAt(eventMs);
    });
    RC_ASSERT((time.timeClass == TimeClass::Anchored) == sentLater);
    RC_ASSERT(!sentLater || contains(time, kNineUnixMs + eventMs));
  });
  CHECK(held);
}

TEST_CASE("without an interval the wall clock rules, but never later than the receipt") {
  const Anchor otherBoot = anchorAt(kHourMs, 300);
  const std::int64_t received = otherBoot.receivedUnixMs;
  for (const std::int64_t wall :
       {received + 1, received + kHourMs, std::numeric_limits<std::int64_t>::max()}) {
    const TrustedTime time = trustedTime(9, 1000, wall, {{otherBoot}});
    CHECK(time.timeClass == TimeClass::WallClock);
    CHECK(time.ruledUnixMs == received);
  }
  CHECK(trustedTime(9, 1000, received - kHourMs, {{otherBoot}}).ruledUnixMs == received - kHourMs);
}

TEST_CASE("without an interval nothing is ruled before what its entry knows of") {
  Anchor otherBoot = anchorAt(kHourMs, 300);
  const std::int64_t received = otherBoot.receivedUnixMs;
  otherBoot.notBeforeUnixMs = received - kHourMs;
  const auto ruled = [&](std::int64_t wall) {
    return trustedTime(9, 1000, wall, {{otherBoot}}).ruledUnixMs;
  };
  for (const std::int64_t wall :
       {std::numeric_limits<std::int64_t>::min(), std::int64_t{0}, received - kHourMs - 1})
    CHECK(ruled(wall) == received - kHourMs);
  CHECK(ruled(received - kHourMs + 1) == received - kHourMs + 1);
  CHECK(ruled(received + 1) == received);
  // Both are of one clock, which may have been set back meanwhile: the receipt is the last word.
  otherBoot.notBeforeUnixMs = received + 5;
  CHECK(ruled(received - kHourMs) == received);
}

TEST_CASE("what an entry knows of does not move a time that has its interval") {
  Anchor anchor = anchorAt(kHourMs, 300);
  const TrustedTime time = trustedTime(1, kHourMs - 10'000, 42, {{anchor}});
  REQUIRE(time.timeClass == TimeClass::Anchored);
  anchor.notBeforeUnixMs = anchor.receivedUnixMs;
  CHECK(trustedTime(1, kHourMs - 10'000, 42, {{anchor}}) == time);
}
