// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "shared/core/mutex.h"

namespace doorstep::http {

// Counts the calls that gRPC's threads still refer to. Their callbacks hold a session's strand and
// the channel, possibly after the session has its answer and has ended, so the front keeps both
// until the last of them is done. Thread: any.
class OpenCalls {
 public:
  void enter() {
    const MutexLock lock(mutex_);
    ++open_;
  }
  void leave() {
    const MutexLock lock(mutex_);
    if (--open_ == 0)
      noneOpen_.notifyAll();
  }
  void waitForNone() {
    const MutexLock lock(mutex_);
    while (open_ > 0)
      noneOpen_.wait(mutex_);
  }

 private:
  Mutex mutex_;
  Condition noneOpen_;
  std::size_t open_ DOORSTEP_GUARDED_BY(mutex_) = 0;
};

}  // namespace doorstep::http
