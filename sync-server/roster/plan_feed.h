// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "shared/core/mutex.h"
#include "shared/core/strong_id.h"

namespace doorstep::roster {

// Whose part of the plan a commit changed, in the order of their ids. Nothing: they are too many to
// name (limits.h), or not known.
using ConcernedCarers = std::optional<std::vector<CarerId>>;

// What one commit made of a provider's plan.
struct PlanCommit {
  std::uint64_t planVersion = 0;   // in force after it
  std::uint64_t changeBefore = 0;  // newest change before it
  std::uint64_t newestChange = 0;  // and after it; the same: it changed nothing
  ConcernedCarers carers;
};

// Tells the running server that a provider's plan has grown: the exchange asks it before it opens
// the plan at all, Watch and the board wait on it. Numbers are plan change numbers, which follow
// commit order (plan_pull.h). Filled at start from the database and after each commit of a plan; a
// hint that is lost costs one exchange, never a change. Thread: any.
class PlanFeed {
 public:
  using Watcher =
      std::function<void(ProviderId, std::uint64_t change, const ConcernedCarers& concerned)>;

  // Watchers are called on the caller's thread. Where changes lie between what is known here and
  // the commit, another process made them, or another thread that is about to publish them: then
  // everybody is concerned.
  void publish(ProviderId provider, const PlanCommit& commit);
  // The newest change is at least this one, made by somebody who did not say whom it concerns.
  void publish(ProviderId provider, std::uint64_t change);
  // 0: nothing known.
  std::uint64_t newest(ProviderId provider) const;

  // Calls the watcher after each publish until unwatch. A watcher must neither block nor call this
  // object.
  std::uint64_t watch(Watcher watcher);
  // After it returns the watcher is not called any more.
  void unwatch(std::uint64_t watch);

 private:
  void tell(ProviderId provider, std::uint64_t change, const ConcernedCarers& concerned)
      DOORSTEP_EXCLUDES(watchersMutex_);

  mutable Mutex mutex_;
  std::map<ProviderId, std::uint64_t> newest_ DOORSTEP_GUARDED_BY(mutex_);

  Mutex watchersMutex_;  // held while watchers are called
  std::map<std::uint64_t, Watcher> watchers_ DOORSTEP_GUARDED_BY(watchersMutex_);
  std::uint64_t nextWatch_ DOORSTEP_GUARDED_BY(watchersMutex_) = 1;
};

}  // namespace doorstep::roster
