// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "shared/visits/plan.h"

namespace doorstep::visits {

// Selects the version of a visit's plan that judges it. A version is in force from its publication
// to the next version's. The lock is the first moment t at which the window of the version in force
// begins no later than t + 24 h; that version is the locked plan, whatever is published later. A
// visit first published inside the 24 hours is locked by its publication. A visit first published
// after its latest start was planned afterwards: its plan judges nothing. 24 hours are elapsed
// time, also across a change of the clocks. Published definition of the measures, 2.3 and 4.1.

constexpr std::int64_t kLockBeforeMs = 24LL * 3'600'000;

// Who requested a version. Numbers of visit_version.wanted_by.
enum class WantedBy { Office = 1, Person = 2, Council = 3 };

// Whether a visit is called off, since when and by whom. A version that repeats a cancellation does
// not change who made it. Numbers are those of visit.standing_called and newest_called (never
// Since) and of roster.v1.CalledOff.
enum class CalledOff {
  No = 0,
  // In the version that judges, or in the newest while there is no lock: nothing was planned.
  AtLock = 1,
  // By a later version, by who requested it.
  ByOffice = 2,
  ByPerson = 3,
  ByCouncil = 4,
  // After its latest start, by the office or the person: judged as if it were not called off.
  Since = 5,
};

// False: the visit is judged as planned.
constexpr bool countsAsCalledOff(CalledOff called) {
  return called != CalledOff::No && called != CalledOff::Since;
}

// Of one version what the lock looks at.
struct PublishedPlan {
  // Absent: published before this was recorded, so before every version with a time.
  std::optional<std::int64_t> publishedUnixMs;
  std::int64_t windowStartUnixMs = 0;
  std::int64_t windowEndUnixMs = 0;  // latest start
  std::uint32_t durationMin = 0;
  std::uint32_t carersRequired = 1;
  WantedBy wantedBy = WantedBy::Office;
  bool cancelled = false;
};

struct PlanLock {
  // The version that judges: the locked one, or the newest until there is a lock. lockPlan: an
  // index into the versions; lockAt: a version number.
  std::uint64_t judging = 0;
  bool locked = false;
  // Moment of the lock. Absent although locked: the locked version's publication is unknown.
  std::optional<std::int64_t> lockedUnixMs;
  bool plannedAfterwards = false;
  // The newest version published no later than the latest start of the judging version: the plan
  // that was valid when the visit had to begin.
  std::uint64_t standing = 0;
  // In the standing version, since neither office nor person can call off a visit that had to
  // begin already. The council can at any time (measures, 4.5): then in the newest version.
  CalledOff calledOff = CalledOff::No;
  // Versions after the locked one with another window, length or number of carers than the one
  // before, or that call the visit off or on again, in all and by who wanted them.
  std::uint32_t changesAfter = 0;
  std::uint32_t changesOffice = 0;
  std::uint32_t changesPerson = 0;
  std::uint32_t changesCouncil = 0;
  bool operator==(const PlanLock&) const = default;
};

// The definition, over the whole history. versions: at least one, oldest first. A publication
// earlier than that of an earlier version (the clock was set back) counts as simultaneous. Pure.
// Thread: any.
PlanLock lockPlan(std::span<const PublishedPlan> versions, std::int64_t nowUnixMs);

// Incremental form of lockPlan: state kept with the visit. lockAt answers for any moment, since
// time alone can lock a plan; lockWithNext adds a version at a cost that does not depend on their
// number. Versions are identified by increasing numbers.
struct LockState {
  std::uint64_t newest = 0;
  // The version that judges from lockUnixMs on: the first in force at a moment at most 24 hours
  // before its window. Final once it is not the newest version any more.
  std::uint64_t judging = 0;
  std::uint64_t standing = 0;
  // When `judging` is locked. Absent: no publication is known and the window's start saturates.
  std::optional<std::int64_t> lockUnixMs;
  std::int64_t windowStartUnixMs = 0;  // of `judging`
  std::int64_t windowEndUnixMs = 0;    // of `judging`: its latest start
  std::optional<std::int64_t> firstPublishedUnixMs;
  // The latest publication of any version. Absent: none is known.
  std::optional<std::int64_t> lastPublishedUnixMs;
  CalledOff standingCalled = CalledOff::No;
  CalledOff newestCalled = CalledOff::No;
  // As in PlanLock, of the versions after `judging`.
  std::uint32_t changesAfter = 0;
  std::uint32_t changesOffice = 0;
  std::uint32_t changesPerson = 0;
  std::uint32_t changesCouncil = 0;
  bool operator==(const LockState&) const = default;
};

LockState lockOfFirst(std::uint64_t number, const PublishedPlan& first);
// newest: the version numbered state.newest. number: greater than that.
LockState lockWithNext(const LockState& state, const PublishedPlan& newest, std::uint64_t number,
                       const PublishedPlan& next);
// Equals lockPlan of the versions that the state was built from. Pure. Thread: any.
PlanLock lockAt(const LockState& state, std::int64_t nowUnixMs);

}  // namespace doorstep::visits
