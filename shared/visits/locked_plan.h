// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "shared/visits/plan.h"

namespace doorstep::visits {

// Which version of a visit's plan judges it. A version is in force from its publication until the
// next one's. The lock is the first moment t at which the version in force begins no later than
// t + 24 h; that version is the locked plan, whatever follows. A visit that is first published
// inside the 24 hours is locked by its publication. A visit that is first published after its own
// latest start was planned afterwards: its plan judges nothing. 24 hours are 24 hours, also across
// a change of the clocks. The same as the published definition of the measures, 2.3 and 4.1.

constexpr std::int64_t kLockBeforeMs = 24LL * 3'600'000;

// Who wanted a version. Numbers are those of visit_version.wanted_by.
enum class WantedBy { Office = 1, Person = 2, Council = 3 };

// Of one version what the lock looks at.
struct PublishedPlan {
  // Absent: published before this was kept, and so before every version that has a time.
  std::optional<std::int64_t> publishedUnixMs;
  std::int64_t windowStartUnixMs = 0;
  std::int64_t windowEndUnixMs = 0;  // latest start
  std::uint32_t durationMin = 0;
  std::uint32_t carersRequired = 1;
  WantedBy wantedBy = WantedBy::Office;
};

struct PlanLock {
  // The version that judges: the locked one, or until there is a lock the newest. An index into the
  // versions of lockPlan, a number of lockAt.
  std::uint64_t judging = 0;
  bool locked = false;
  // Moment of the lock. Absent with locked: the locked version's publication is not known.
  std::optional<std::int64_t> lockedUnixMs;
  bool plannedAfterwards = false;
  // The newest version that was published no later than the latest start of the version that
  // judges: who was asked for, when the visit was to begin.
  std::uint64_t standing = 0;
  // Versions after the locked one with another window, length or number of carers than the one
  // before, in all and by who wanted them.
  std::uint32_t changesAfter = 0;
  std::uint32_t changesOffice = 0;
  std::uint32_t changesPerson = 0;
  std::uint32_t changesCouncil = 0;
  bool operator==(const PlanLock&) const = default;
};

// The definition, over the whole history. versions: at least one, oldest first. A publication
// before the one of an earlier version (a clock that was set back) counts as at the same moment.
// Pure. Thread: any.
PlanLock lockPlan(std::span<const PublishedPlan> versions, std::int64_t nowUnixMs);

// The same without the history: what a visit's versions come to, kept with the visit. It answers
// for any moment, since time alone locks a plan too, and goes on with each new version, so that no
// cost grows with the number of versions. Versions are named by numbers that grow.
struct LockState {
  std::uint64_t newest = 0;
  // The version that judges from lockUnixMs on: the first that is in force at a moment that is at
  // most 24 hours before its window. Once it is not the newest any more it stays for ever.
  std::uint64_t judging = 0;
  std::uint64_t standing = 0;
  // When `judging` is locked. Absent: no publication is known and the window is before all time.
  std::optional<std::int64_t> lockUnixMs;
  std::int64_t windowStartUnixMs = 0;  // of `judging`
  std::int64_t windowEndUnixMs = 0;    // of `judging`: its latest start
  std::optional<std::int64_t> firstPublishedUnixMs;
  // The latest publication of all versions; absent: none is known.
  std::optional<std::int64_t> lastPublishedUnixMs;
  // As in PlanLock, of the versions after `judging`.
  std::uint32_t changesAfter = 0;
  std::uint32_t changesOffice = 0;
  std::uint32_t changesPerson = 0;
  std::uint32_t changesCouncil = 0;
  bool operator==(const LockState&) const = default;
};

LockState lockOfFirst(std::uint64_t number, const PublishedPlan& first);
// newest: the version state.newest. number: greater than that.
LockState lockWithNext(const LockState& state, const PublishedPlan& newest, std::uint64_t number,
                       const PublishedPlan& next);
// lockPlan of the versions that the state was made of. Pure. Thread: any.
PlanLock lockAt(const LockState& state, std::int64_t nowUnixMs);

}  // namespace doorstep::visits
