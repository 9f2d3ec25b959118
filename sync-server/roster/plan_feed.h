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

// Carers whose part of the plan a commit changed, by id. nullopt: too many to list (limits.h), or
// unknown.
using ConcernedCarers = std::optional<std::vector<CarerId>>;

// Result of one commit of a provider's plan.
struct PlanCommit {
  std::uint64_t planVersion = 0;   // in force after it
  std::uint64_t changeBefore = 0;  // newest change number before it
  std::uint64_t newestChange = 0;  // and after it; equal: nothing changed
  ConcernedCarers carers;
};

// Notifies the running server that a provider's plan has changed: exchanges check it before they
// read the plan, Watch and the board subscribe. Numbers are plan change numbers, in commit order
// (plan_pull.h). Initialised at start from the database and updated after each commit of a plan; a
// lost hint costs one exchange, never a change. Thread: any.
class PlanFeed {
 public:
  using Watcher =
      std::function<void(ProviderId, std::uint64_t change, const ConcernedCarers& concerned)>;

  // Watchers are called on the caller's thread. If there are changes between those known here and
  // the commit (made by another process, or by a thread about to publish them), all carers count as
  // concerned.
  void publish(ProviderId provider, const PlanCommit& commit);
  // The newest change is at least this one; concerned carers are unknown.
  void publish(ProviderId provider, std::uint64_t change);
  // 0: none known.
  std::uint64_t newest(ProviderId provider) const;

  // Calls the watcher after each publish until unwatch. A watcher must neither block nor call this
  // object.
  std::uint64_t watch(Watcher watcher);
  // The watcher is not called any more after this returns.
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
