// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
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
  // Index of the version that judges: the locked one, or until there is a lock the newest.
  std::size_t judging = 0;
  bool locked = false;
  // Moment of the lock. Absent with locked: the locked version's publication is not known.
  std::optional<std::int64_t> lockedUnixMs;
  bool plannedAfterwards = false;
  // Index of the newest version that was published no later than the latest start of the version
  // that judges: who was asked for, when the visit was to begin.
  std::size_t standing = 0;
  // Versions after the locked one with another window, length or number of carers than the one
  // before, in all and by who wanted them.
  std::uint32_t changesAfter = 0;
  std::uint32_t changesOffice = 0;
  std::uint32_t changesPerson = 0;
  std::uint32_t changesCouncil = 0;
};

// versions: at least one, oldest first. A publication before the one of an earlier version (a clock
// that was set back) counts as at the same moment. Pure. Thread: any.
PlanLock lockPlan(std::span<const PublishedPlan> versions, std::int64_t nowUnixMs);

}  // namespace doorstep::visits
