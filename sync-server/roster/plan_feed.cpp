// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/plan_feed.h"

#include <algorithm>
#include <utility>

namespace doorstep::roster {

void PlanFeed::publish(ProviderId provider, const PlanCommit& commit) {
  bool followsOn = false;
  {
    const MutexLock lock(mutex_);
    std::uint64_t& newest = newest_[provider];
    followsOn = commit.changeBefore <= newest;
    newest = std::max(newest, commit.newestChange);
  }
  tell(provider, commit.newestChange, followsOn ? commit.carers : std::nullopt);
}

void PlanFeed::publish(ProviderId provider, std::uint64_t change) {
  {
    const MutexLock lock(mutex_);
    std::uint64_t& newest = newest_[provider];
    newest = std::max(newest, change);
  }
  tell(provider, change, std::nullopt);
}

void PlanFeed::tell(ProviderId provider, std::uint64_t change, const ConcernedCarers& concerned) {
  const MutexLock lock(watchersMutex_);
  for (const auto& [id, watcher] : watchers_)
    watcher(provider, change, concerned);
}

std::uint64_t PlanFeed::newest(ProviderId provider) const {
  const MutexLock lock(mutex_);
  const auto found = newest_.find(provider);
  return found == newest_.end() ? 0 : found->second;
}

std::uint64_t PlanFeed::watch(Watcher watcher) {
  const MutexLock lock(watchersMutex_);
  watchers_.emplace(nextWatch_, std::move(watcher));
  return nextWatch_++;
}

void PlanFeed::unwatch(std::uint64_t watch) {
  const MutexLock lock(watchersMutex_);
  watchers_.erase(watch);
}

}  // namespace doorstep::roster
