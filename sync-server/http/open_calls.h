// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "shared/core/mutex.h"

namespace doorstep::http {

// Counts the calls that gRPC's threads have not let go of. Their callbacks hold a session's strand
// and the channel, and may still hold them when the session has its answer and is gone; so the
// front ends neither before the last of them. Thread: any.
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
