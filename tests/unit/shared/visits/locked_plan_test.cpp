// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/locked_plan.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "shared/core/local_time.h"

namespace doorstep::visits {
namespace {

std::int64_t at(const std::string& local) { return londonToUnixMs(local).value(); }

// A version with a window of an hour.
PublishedPlan version(const std::string& published, const std::string& start,
                      WantedBy wantedBy = WantedBy::Office) {
  PublishedPlan plan;
  if (!published.empty())
    plan.publishedUnixMs = at(published);
  plan.windowStartUnixMs = at(start);
  plan.windowEndUnixMs = plan.windowStartUnixMs + 3'600'000;
  plan.durationMin = 30;
  plan.wantedBy = wantedBy;
  return plan;
}

// The published vectors: versions, now, and what must come out.
struct Vector {
  const char* name;
  std::vector<PublishedPlan> versions;
  const char* now;
  std::size_t judging;
  const char* locked;  // empty: not locked, or its moment is not known
  bool plannedAfterwards;
  std::uint32_t changesAfter;
};

std::vector<Vector> locksAndChanges() {
  return {
      {"one version, long before: locked a day before its window",
       {version("2026-11-01T10:00", "2026-11-23T08:00")},
       "2026-11-24T00:00",
       0,
       "2026-11-22T08:00",
       false,
       0},
      {"a second too early for the lock: the newest judges",
       {version("2026-11-01T10:00", "2026-11-23T08:00")},
       "2026-11-22T07:59:59",
       0,
       "",
       false,
       0},
      {"replaced before the lock: the newer one is locked",
       {version("2026-11-01T10:00", "2026-11-23T08:00"),
        version("2026-11-20T10:00", "2026-11-23T10:00")},
       "2026-11-24T00:00",
       1,
       "2026-11-22T10:00",
       false,
       0},
      {"moved later after the lock: the old one stays",
       {version("2026-11-01T10:00", "2026-11-23T08:00"),
        version("2026-11-23T09:30", "2026-11-23T11:00")},
       "2026-11-24T00:00",
       0,
       "2026-11-22T08:00",
       false,
       1},
      {"published at the very moment of the lock: the new one is in force",
       {version("2026-11-01T10:00", "2026-11-23T08:00"),
        version("2026-11-22T08:00", "2026-11-23T09:00")},
       "2026-11-24T00:00",
       1,
       "2026-11-22T09:00",
       false,
       0},
      {"pulled into the next 24 hours: locked by its publication",
       {version("2026-11-01T10:00", "2026-11-25T08:00"),
        version("2026-11-22T12:00", "2026-11-23T08:00")},
       "2026-11-24T00:00",
       1,
       "2026-11-22T12:00",
       false,
       0},
      {"pushed back and forth before the lock: what is in force when it comes",
       {version("2026-11-01T10:00", "2026-11-23T08:00"),
        version("2026-11-21T10:00", "2026-11-30T08:00"),
        version("2026-11-22T20:00", "2026-11-23T08:00")},
       "2026-11-24T00:00",
       2,
       "2026-11-22T20:00",
       false,
       0},
  };
}

std::vector<Vector> firstPublications() {
  return {
      {"first published inside the 24 hours: locked by its publication",
       {version("2026-11-23T07:00", "2026-11-23T08:00")},
       "2026-11-24T00:00",
       0,
       "2026-11-23T07:00",
       false,
       0},
      {"first published in its window: still a plan",
       {version("2026-11-23T09:00", "2026-11-23T08:00")},
       "2026-11-24T00:00",
       0,
       "2026-11-23T09:00",
       false,
       0},
      {"first published after its latest start: planned afterwards",
       {version("2026-11-23T09:00:01", "2026-11-23T08:00")},
       "2026-11-24T00:00",
       0,
       "2026-11-23T09:00:01",
       true,
       0},
      {"planned afterwards and moved into the future: stays so",
       {version("2026-11-23T12:00", "2026-11-23T08:00"),
        version("2026-11-23T12:05", "2026-11-23T13:00")},
       "2026-11-24T00:00",
       0,
       "2026-11-23T12:00",
       true,
       1},
  };
}

std::vector<Vector> oddClocks() {
  return {
      {"a night on which the clocks go back: 24 hours, not the same time of day",
       {version("2026-10-01T10:00", "2026-10-25T08:00")},
       "2026-10-26T00:00",
       0,
       "2026-10-24T09:00",
       false,
       0},
      {"a night on which the clocks go forward",
       {version("2026-03-01T10:00", "2026-03-29T08:00")},
       "2026-03-30T00:00",
       0,
       "2026-03-28T07:00",
       false,
       0},
      {"publications that nobody wrote down: the last of them is in force",
       {version("", "2026-11-23T08:00"), version("", "2026-11-23T10:00"),
        version("2026-11-23T09:00", "2026-11-23T12:00")},
       "2026-11-24T00:00",
       1,
       "2026-11-22T10:00",
       false,
       1},
      {"a server's clock that was set back publishes in the order of the versions",
       {version("2026-11-22T12:00", "2026-11-25T08:00"),
        version("2026-11-20T12:00", "2026-11-23T08:00")},
       "2026-11-24T00:00",
       1,
       "2026-11-22T12:00",
       false,
       0},
  };
}

// The state that is kept instead of the history, with indices as numbers.
LockState stateOf(const std::vector<PublishedPlan>& versions) {
  LockState state = lockOfFirst(0, versions.front());
  for (std::size_t i = 1; i < versions.size(); ++i)
    state = lockWithNext(state, versions[i - 1], i, versions[i]);
  return state;
}

TEST_CASE("the lock follows the published vectors") {
  std::vector<Vector> all = locksAndChanges();
  for (const auto& more : {firstPublications(), oddClocks()})
    all.insert(all.end(), more.begin(), more.end());
  for (const Vector& vector : all) {
    INFO(vector.name);
    const PlanLock lock = lockPlan(vector.versions, at(vector.now));
    CHECK(lock.judging == vector.judging);
    const std::string moment =
        lock.lockedUnixMs ? unixMsToLondon(*lock.lockedUnixMs).substr(0, 19) : "";
    const std::string expected = vector.locked;
    CHECK(moment == (expected.size() == 16 ? expected + ":00" : expected));
    CHECK(lock.plannedAfterwards == vector.plannedAfterwards);
    CHECK(lock.changesAfter == vector.changesAfter);
    CHECK(lockAt(stateOf(vector.versions), at(vector.now)) == lock);
  }
}

TEST_CASE("late changes are told by who wanted them, and only of window, length and carers") {
  std::vector<PublishedPlan> versions = {version("2026-11-01T10:00", "2026-11-23T08:00")};
  versions.push_back(version("2026-11-22T20:00", "2026-11-23T08:00"));  // other carers, say
  versions.push_back(version("2026-11-22T21:00", "2026-11-23T09:00", WantedBy::Person));
  versions.push_back(version("2026-11-22T22:00", "2026-11-23T10:00", WantedBy::Council));
  versions.push_back(version("2026-11-22T23:00", "2026-11-23T08:00"));
  versions.push_back(versions.back());
  versions.back().durationMin = 15;
  versions.push_back(versions.back());
  versions.back().carersRequired = 2;
  const PlanLock lock = lockPlan(versions, at("2026-11-24T00:00"));
  CHECK(lock.judging == 0);
  CHECK(lock.changesAfter == 5);
  CHECK(lock.changesOffice == 3);
  CHECK(lock.changesPerson == 1);
  CHECK(lock.changesCouncil == 1);
}

TEST_CASE("once a plan is locked nothing that is published later changes it") {
  std::vector<PublishedPlan> versions;
  for (int hour = 0; hour < 48; ++hour) {
    PublishedPlan next = version("2026-11-21T00:00", "2026-11-23T08:00");
    next.publishedUnixMs = *next.publishedUnixMs + hour * 3'600'000LL;
    const std::int64_t move = (hour * 7 % 13 - 6) * 3'600'000LL;
    next.windowStartUnixMs += move;
    next.windowEndUnixMs += move;
    versions.push_back(next);
    const PlanLock then = lockPlan(versions, *next.publishedUnixMs);
    if (!then.locked)
      continue;
    for (int more = 1; more < 5; ++more) {
      std::vector<PublishedPlan> longer = versions;
      PublishedPlan late = next;
      late.publishedUnixMs = *next.publishedUnixMs + more;
      late.windowStartUnixMs -= more * 3'600'000LL;
      longer.push_back(late);
      CHECK(lockPlan(longer, *late.publishedUnixMs + 1).judging == then.judging);
    }
  }
}

TEST_CASE("who was asked for at the latest start stands, whatever is published afterwards") {
  const std::vector<PublishedPlan> versions = {version("2026-11-01T10:00", "2026-11-23T08:00"),
                                               version("2026-11-23T09:00", "2026-11-23T08:00"),
                                               version("2026-11-23T09:01", "2026-11-23T08:00")};
  CHECK(lockPlan(versions, at("2026-11-24T00:00")).standing == 1);
}

TEST_CASE("times at the ends of their range are survived") {
  PublishedPlan odd;
  odd.publishedUnixMs = INT64_MAX;
  odd.windowStartUnixMs = INT64_MIN;
  odd.windowEndUnixMs = INT64_MAX;
  CHECK_FALSE(lockPlan({&odd, 1}, INT64_MAX).plannedAfterwards);
  CHECK(lockAt(lockOfFirst(0, odd), INT64_MAX) == lockPlan({&odd, 1}, INT64_MAX));
}

}  // namespace
}  // namespace doorstep::visits
