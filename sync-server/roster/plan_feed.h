// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

#include "shared/core/strong_id.h"

namespace doorstep::roster {

// Tells the running server that a provider's plan has grown: the exchange asks it before it opens
// the plan at all, Watch and the board wait on it. Numbers are plan change numbers, which follow
// commit order (plan_pull.h). Filled at start from the database and after each commit of a plan; a
// hint that is lost costs one exchange, never a change. Thread: any.
class PlanFeed {
 public:
  using Watcher = std::function<void(ProviderId, std::uint64_t change)>;

  // The newest change is at least this one. Watchers are called on the caller's thread.
  void publish(ProviderId provider, std::uint64_t change);
  // 0: nothing known.
  std::uint64_t newest(ProviderId provider) const;

  // Calls the watcher after each publish until unwatch. A watcher must neither block nor call this
  // object.
  std::uint64_t watch(Watcher watcher);
  // After it returns the watcher is not called any more.
  void unwatch(std::uint64_t watch);

 private:
  mutable std::mutex mutex_;
  std::map<ProviderId, std::uint64_t> newest_;
  std::mutex watchersMutex_;
  std::map<std::uint64_t, Watcher> watchers_;
  std::uint64_t nextWatch_ = 1;
};

}  // namespace doorstep::roster
