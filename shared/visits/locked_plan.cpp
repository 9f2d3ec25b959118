// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/locked_plan.h"

#include <algorithm>
#include <vector>

#include "shared/core/check.h"
#include "shared/core/time_range.h"

namespace doorstep::visits {
namespace {

constexpr std::int64_t kUnknown = INT64_MIN;

// Publication times, made non-decreasing.
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
         before.durationMin != after.durationMin || before.carersRequired != after.carersRequired ||
         before.cancelled != after.cancelled;
}

CalledOff atLock(bool cancelled) { return cancelled ? CalledOff::AtLock : CalledOff::No; }

// Of a version after the lock, when it was so before it.
CalledOff calledAfter(CalledOff before, const PublishedPlan& next) {
  if (!next.cancelled)
    return CalledOff::No;
  if (before != CalledOff::No)
    return before;
  switch (next.wantedBy) {
    case WantedBy::Person:
      return CalledOff::ByPerson;
    case WantedBy::Council:
      return CalledOff::ByCouncil;
    case WantedBy::Office:
      break;
  }
  return CalledOff::ByOffice;
}

// Of the version that was valid at the latest start and of the newest, what the visit is judged by.
CalledOff judgedCalledOff(CalledOff standing, CalledOff newest) {
  if (newest == CalledOff::ByCouncil)
    return newest;
  return standing == CalledOff::No && newest != CalledOff::No ? CalledOff::Since : standing;
}

// Counts a change in a PlanLock or a LockState: `next` follows `before` after the lock.
template <class Counted>
void countChange(const PublishedPlan& before, const PublishedPlan& next, Counted& counted) {
  if (!changes(before, next))
    return;
  ++counted.changesAfter;
  switch (next.wantedBy) {
    case WantedBy::Office:
      ++counted.changesOffice;
      break;
    case WantedBy::Person:
      ++counted.changesPerson;
      break;
    case WantedBy::Council:
      ++counted.changesCouncil;
      break;
  }
}

std::optional<std::int64_t> known(std::int64_t moment) {
  return moment == kUnknown ? std::nullopt : std::optional(moment);
}

// The first moment, from its publication on, at which a version's window begins within 24 hours.
std::int64_t lockMoment(const PublishedPlan& version, std::int64_t publishedUnixMs) {
  return std::max(saturatingSubtract(version.windowStartUnixMs, kLockBeforeMs), publishedUnixMs);
}

// No older version was locked: the newest judges.
void judgeByNewest(LockState& state, const PublishedPlan& newest) {
  state.judging = state.standing = state.newest;
  state.standingCalled = state.newestCalled = atLock(newest.cancelled);
  state.windowStartUnixMs = newest.windowStartUnixMs;
  state.windowEndUnixMs = newest.windowEndUnixMs;
  state.lockUnixMs = known(lockMoment(newest, state.lastPublishedUnixMs.value_or(kUnknown)));
}

}  // namespace

PlanLock lockPlan(std::span<const PublishedPlan> versions, std::int64_t nowUnixMs) {
  DOORSTEP_CHECK(!versions.empty());
  const std::vector<std::int64_t> published = publications(versions);
  PlanLock lock;
  lock.judging = versions.size() - 1;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const std::int64_t moment = lockMoment(versions[i], published[i]);
    const bool isReplacedBefore = i + 1 < versions.size() && moment >= published[i + 1];
    if (isReplacedBefore || moment > nowUnixMs)
      continue;
    lock.judging = i;
    lock.locked = true;
    lock.lockedUnixMs = known(moment);
    break;
  }
  const PublishedPlan& judging = versions[lock.judging];
  lock.plannedAfterwards = lock.locked && published.front() > judging.windowEndUnixMs;
  lock.standing = lock.judging;
  CalledOff called = atLock(judging.cancelled);
  CalledOff standing = called;
  for (std::size_t i = lock.judging + 1; i < versions.size(); ++i) {
    called = calledAfter(called, versions[i]);
    if (published[i] <= judging.windowEndUnixMs) {
      lock.standing = i;
      standing = called;
    }
    if (lock.locked)
      countChange(versions[i - 1], versions[i], lock);
  }
  lock.calledOff = judgedCalledOff(standing, called);
  return lock;
}

LockState lockOfFirst(std::uint64_t number, const PublishedPlan& first) {
  LockState state;
  state.newest = number;
  state.firstPublishedUnixMs = state.lastPublishedUnixMs = first.publishedUnixMs;
  judgeByNewest(state, first);
  return state;
}

LockState lockWithNext(const LockState& state, const PublishedPlan& newest, std::uint64_t number,
                       const PublishedPlan& next) {
  LockState after = state;
  after.newest = number;
  const std::int64_t published = std::max(state.lastPublishedUnixMs.value_or(kUnknown),
                                          next.publishedUnixMs.value_or(kUnknown));
  after.lastPublishedUnixMs = known(published);
  const bool isReplacedBefore =
      state.judging == state.newest && state.lockUnixMs.value_or(kUnknown) >= published;
  if (isReplacedBefore) {
    judgeByNewest(after, next);
    return after;
  }
  after.newestCalled = calledAfter(state.newestCalled, next);
  if (published <= state.windowEndUnixMs) {
    after.standing = number;
    after.standingCalled = after.newestCalled;
  }
  countChange(newest, next, after);
  return after;
}

PlanLock lockAt(const LockState& state, std::int64_t nowUnixMs) {
  PlanLock lock;
  lock.judging = lock.standing = state.newest;
  lock.calledOff = atLock(state.newestCalled != CalledOff::No);
  if (state.lockUnixMs.value_or(kUnknown) > nowUnixMs)
    return lock;
  lock.judging = state.judging;
  lock.standing = state.standing;
  lock.calledOff = judgedCalledOff(state.standingCalled, state.newestCalled);
  lock.locked = true;
  lock.lockedUnixMs = state.lockUnixMs;
  lock.plannedAfterwards = state.firstPublishedUnixMs.value_or(kUnknown) > state.windowEndUnixMs;
  lock.changesAfter = state.changesAfter;
  lock.changesOffice = state.changesOffice;
  lock.changesPerson = state.changesPerson;
  lock.changesCouncil = state.changesCouncil;
  return lock;
}

}  // namespace doorstep::visits
