// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "shared/core/mutex.h"

namespace doorstep::http {

// Bounds open connections, in all and for each address, so that no address can shut out the others.
// Thread: any.
class ConnectionCounter {
 public:
  ConnectionCounter(std::size_t max, std::size_t maxPerAddress)
      : max_(max), maxPerAddress_(maxPerAddress) {}

  // False: there are too many; the caller closes the connection and does not call leave.
  bool enter(const std::string& address) {
    const MutexLock lock(mutex_);
    if (total_ >= max_) {
      return false;
    }
    std::size_t& count = byAddress_[address];
    if (count >= maxPerAddress_) {
      return false;
    }
    ++count;
    ++total_;
    return true;
  }

  void leave(const std::string& address) {
    const MutexLock lock(mutex_);
    const auto found = byAddress_.find(address);
    if (--found->second == 0) {
      byAddress_.erase(found);
    }
    --total_;
  }

 private:
  const std::size_t max_;
  const std::size_t maxPerAddress_;

  Mutex mutex_;
  std::size_t total_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::size_t> byAddress_ DOORSTEP_GUARDED_BY(mutex_);
};

}  // namespace doorstep::http
