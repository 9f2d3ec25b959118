// SPDX-License-Identifier: Apache-2.0
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "shared/visits/locked_plan.h"

namespace doorstep::visits {
namespace {

// A morning of an ordinary week, and those after the nights in which the clocks change.
const std::vector<std::string> kMornings = {"2026-11-23T08:00", "2026-10-25T08:00",
                                            "2026-03-29T08:00"};

// Few values, so that moments often meet: whole hours around the morning, now and then a
// millisecond beside.
std::int64_t someMoment(std::int64_t morningUnixMs) {
  const std::int64_t hour = *rc::gen::inRange<std::int64_t>(-52, 30);
  const std::int64_t beside = *rc::gen::element<std::int64_t>(0, 0, 0, -1, 1);
  return morningUnixMs + hour * kHourMs + beside;
}

PublishedPlan someVersion(std::int64_t morningUnixMs) {
  PublishedPlan version;
  if (*rc::gen::inRange(0, 6) != 0)
    version.publishedUnixMs = someMoment(morningUnixMs);
  version.windowStartUnixMs = morningUnixMs + *rc::gen::inRange<std::int64_t>(-3, 27) * kHourMs;
  if (*rc::gen::inRange(0, 40) == 0)
    version.windowStartUnixMs = *rc::gen::element(INT64_MIN, INT64_MIN + 1, INT64_MAX);
  version.windowEndUnixMs = morningUnixMs + *rc::gen::inRange<std::int64_t>(-2, 30) * kHourMs;
  version.durationMin = *rc::gen::element(15U, 30U);
  version.carersRequired = *rc::gen::element(1U, 1U, 2U);
  version.wantedBy =
      *rc::gen::element(WantedBy::Office, WantedBy::Person, WantedBy::Council, WantedBy{9});
  version.cancelled = *rc::gen::inRange(0, 3) == 0;
  return version;
}

TEST_CASE("what is kept of a visit's versions gives the lock of their whole history, at any time") {
  const bool held = rc::check([] {
    const std::int64_t morning = londonToUnixMs(*rc::gen::elementOf(kMornings)).value();
    std::vector<PublishedPlan> versions = {someVersion(morning)};
    LockState state = lockOfFirst(0, versions.front());
    const std::size_t more = *rc::gen::inRange<std::size_t>(0, 9);
    for (std::size_t i = 0; i <= more; ++i) {
      // At each moment at which the answer may change, and beside it.
      std::vector<std::int64_t> moments = {INT64_MIN, INT64_MAX, someMoment(morning)};
      for (const PublishedPlan& version : versions) {
        for (const std::int64_t beside : {-1, 0, 1}) {
          moments.push_back(version.publishedUnixMs.value_or(morning) + beside);
          if (version.windowStartUnixMs > 0 && version.windowStartUnixMs < INT64_MAX)
            moments.push_back(version.windowStartUnixMs - kLockBeforeMs + beside);
        }
      }
      for (const std::int64_t moment : moments)
        RC_ASSERT(lockAt(state, moment) == lockPlan(versions, moment));
      RC_ASSERT(state.newest == versions.size() - 1);
      RC_ASSERT(state.firstPublishedUnixMs == versions.front().publishedUnixMs);
      const PublishedPlan next = someVersion(morning);
      state = lockWithNext(state, versions.back(), versions.size(), next);
      versions.push_back(next);
    }
  });
  CHECK(held);
}

TEST_CASE("the window that is kept is that of the version that judges once its lock has come") {
  const bool held = rc::check([] {
    const std::int64_t morning = londonToUnixMs(*rc::gen::elementOf(kMornings)).value();
    std::vector<PublishedPlan> versions = {someVersion(morning)};
    LockState state = lockOfFirst(0, versions.front());
    const std::size_t more = *rc::gen::inRange<std::size_t>(0, 9);
    for (std::size_t i = 0; i < more; ++i) {
      const LockState before = state;
      const PublishedPlan next = someVersion(morning);
      state = lockWithNext(state, versions.back(), versions.size(), next);
      versions.push_back(next);
      // A lock that was there before stays, whatever comes.
      if (before.judging != before.newest)
        RC_ASSERT(state.judging == before.judging);
    }
    const PublishedPlan& judging = versions[lockPlan(versions, INT64_MAX).judging];
    RC_ASSERT(state.windowStartUnixMs == judging.windowStartUnixMs);
    RC_ASSERT(state.windowEndUnixMs == judging.windowEndUnixMs);
  });
  CHECK(held);
}

}  // namespace
}  // namespace doorstep::visits
