// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/attempt_throttle.h"

#include <algorithm>

#include "sync-server/identity/limits.h"

namespace doorstep::identity {

AttemptThrottle::AttemptThrottle(std::uint32_t freeAttempts, std::int64_t delayMaxMs)
    : freeAttempts_(freeAttempts), delayMaxMs_(delayMaxMs) {}

std::int64_t AttemptThrottle::delayMs(std::uint32_t failures) const {
  if (failures < freeAttempts_)
    return 0;
  const std::uint32_t doublings = std::min<std::uint32_t>(failures - freeAttempts_, 20);
  return std::min(kFirstDelayMs << doublings, delayMaxMs_);
}

std::int64_t AttemptThrottle::waitMs(std::string_view key, std::int64_t nowUnixMs) {
  const MutexLock lock(mutex_);
  const auto found = failures_.find(key);
  if (found == failures_.end())
    return 0;
  // A clock that was set back must not lengthen the wait.
  const std::int64_t since = std::max<std::int64_t>(nowUnixMs - found->second.lastUnixMs, 0);
  return std::max<std::int64_t>(delayMs(found->second.count) - since, 0);
}

void AttemptThrottle::failed(std::string_view key, std::int64_t nowUnixMs) {
  const MutexLock lock(mutex_);
  auto found = failures_.find(key);
  if (found != failures_.end()) {
    order_.erase(found->second.place);
    if (nowUnixMs - found->second.lastUnixMs >= kAttemptsForgottenMs)
      found->second.count = 0;
  } else {
    if (failures_.size() >= kAttemptsTracked) {
      failures_.erase(order_.front());
      order_.pop_front();
    }
    found = failures_.emplace(std::string(key), Failures{}).first;
  }
  ++found->second.count;
  found->second.lastUnixMs = nowUnixMs;
  found->second.place = order_.insert(order_.end(), found->first);
}

void AttemptThrottle::forget(std::string_view key) {
  const MutexLock lock(mutex_);
  const auto found = failures_.find(key);
  if (found == failures_.end())
    return;
  order_.erase(found->second.place);
  failures_.erase(found);
}

}  // namespace doorstep::identity
