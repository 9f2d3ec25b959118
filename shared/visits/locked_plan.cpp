// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/locked_plan.h"

#include <algorithm>
#include <vector>

#include "shared/core/check.h"
#include "shared/core/time_range.h"

namespace doorstep::visits {
namespace {

constexpr std::int64_t kUnknown = INT64_MIN;

// Publications in order: none is before an earlier version's.
std::vector<std::int64_t> publications(std::span<const PublishedPlan> versions) {
  std::vector<std::int64_t> moments;
  std::int64_t latest = kUnknown;
  for (const PublishedPlan& version : versions) {
    latest = std::max(latest, version.publishedUnixMs.value_or(kUnknown));
    moments.push_back(latest);
  }
  return moments;
}

bool changes(const PublishedPlan& before, const PublishedPlan& after) {
  return before.windowStartUnixMs != after.windowStartUnixMs ||
         before.windowEndUnixMs != after.windowEndUnixMs ||
         before.durationMin != after.durationMin || before.carersRequired != after.carersRequired;
}

void countChanges(std::span<const PublishedPlan> versions, PlanLock& lock) {
  for (std::size_t i = lock.judging + 1; i < versions.size(); ++i) {
    if (!changes(versions[i - 1], versions[i]))
      continue;
    ++lock.changesAfter;
    switch (versions[i].wantedBy) {
      case WantedBy::Office:
        ++lock.changesOffice;
        break;
      case WantedBy::Person:
        ++lock.changesPerson;
        break;
      case WantedBy::Council:
        ++lock.changesCouncil;
        break;
    }
  }
}

}  // namespace

PlanLock lockPlan(std::span<const PublishedPlan> versions, std::int64_t nowUnixMs) {
  DOORSTEP_CHECK(!versions.empty());
  const std::vector<std::int64_t> published = publications(versions);
  PlanLock lock;
  lock.judging = versions.size() - 1;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    // While the version is in force: from its publication, and before the next one's.
    const std::int64_t opens = saturatingSubtract(versions[i].windowStartUnixMs, kLockBeforeMs);
    const std::int64_t moment = std::max(opens, published[i]);
    const bool isReplacedBefore = i + 1 < versions.size() && moment >= published[i + 1];
    if (isReplacedBefore || moment > nowUnixMs)
      continue;
    lock.judging = i;
    lock.locked = true;
    if (moment != kUnknown)
      lock.lockedUnixMs = moment;
    break;
  }
  const PublishedPlan& judging = versions[lock.judging];
  lock.plannedAfterwards = lock.locked && published.front() > judging.windowEndUnixMs;
  lock.standing = lock.judging;
  for (std::size_t i = lock.judging + 1; i < versions.size(); ++i) {
    if (published[i] <= judging.windowEndUnixMs)
      lock.standing = i;
  }
  if (lock.locked)
    countChanges(versions, lock);
  return lock;
}

}  // namespace doorstep::visits
