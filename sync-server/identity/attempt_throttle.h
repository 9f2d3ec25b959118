// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace doorstep::identity {

// Slows down guessing: after some free failures the key (an address, a login) must wait, twice as long
// after each further failure, up to a limit. An attempt counts as failed from its beginning until it is
// said to have succeeded, so that many at once gain nothing. Keeps a bounded number of keys and drops
// the one that failed longest ago; kept in memory only, because a restart is no way to guess faster
// than a person. Thread: any.
class AttemptThrottle {
 public:
  explicit AttemptThrottle(std::int64_t delayMaxMs);

  // 0: the attempt may go on, and counts as failed for now. Otherwise how long to wait first.
  std::int64_t begin(std::string_view key, std::int64_t nowUnixMs);
  void succeeded(std::string_view key);

 private:
  struct Failures {
    std::uint32_t count = 0;
    std::int64_t lastUnixMs = 0;
    std::list<std::string>::iterator place;  // in order_
  };
  std::int64_t delayMs(std::uint32_t failures) const;

  const std::int64_t delayMaxMs_;
  std::mutex mutex_;
  std::map<std::string, Failures, std::less<>> failures_;  // mutex_
  std::list<std::string> order_;                           // mutex_; keys, longest ago first
};

}  // namespace doorstep::identity
