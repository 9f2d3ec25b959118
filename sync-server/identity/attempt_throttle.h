// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "shared/core/mutex.h"

namespace doorstep::identity {

// Slows down guessing: after some free failures the key (a login from a network) must wait, twice
// as long after each further failure, up to a limit. Keeps a bounded number of keys and drops the
// one whose last failure is oldest. In memory only: a restart does not make guessing fast. Thread:
// any.
class AttemptThrottle {
 public:
  AttemptThrottle(std::uint32_t freeAttempts, std::int64_t delayMaxMs);

  // Time until the next attempt is allowed; 0: now.
  std::int64_t waitMs(std::string_view key, std::int64_t nowUnixMs);
  void failed(std::string_view key, std::int64_t nowUnixMs);
  void forget(std::string_view key);

 private:
  struct Failures {
    std::uint32_t count = 0;
    std::int64_t lastUnixMs = 0;
    std::list<std::string>::iterator place;  // in order_
  };
  std::int64_t delayMs(std::uint32_t failures) const;

  const std::uint32_t freeAttempts_;
  const std::int64_t delayMaxMs_;

  Mutex mutex_;
  std::map<std::string, Failures, std::less<>> failures_ DOORSTEP_GUARDED_BY(mutex_);
  std::list<std::string> order_ DOORSTEP_GUARDED_BY(mutex_);  // keys, oldest failure first
};

}  // namespace doorstep::identity
