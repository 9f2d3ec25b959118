// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "shared/core/clock.h"
#include "shared/core/mutex.h"
#include "shared/core/result.h"
#include "sync-server/storage/storage.h"

namespace doorstep::records {

// Settles everything that waits (record_keeper.h), in jobs of kSettledPerJob visits, until
// mayGoOn's error ends it. progress: visits judged so far; may be null. Thread: any but the
// writer's.
Status settleAll(storage::Storage& storage, const Clock& clock,
                 const std::function<Status()>& mayGoOn,
                 const std::function<void(std::uint64_t visits)>& progress = nullptr);

// Settles what waits in the background of a server: kick() looks, and while something waits, one
// job at a time is in the writer's queue, so that phones' commits come between. Failures are
// reported and tried again at the next kick. Thread: any.
class BackgroundSettling {
 public:
  using Tell = std::function<void(const Error&)>;
  // All outlive it and its last job: stop the storage first.
  BackgroundSettling(storage::Storage& storage, const Clock& clock, Tell tell)
      : storage_(storage), clock_(clock), tell_(std::move(tell)) {}

  void kick();
  // No job follows the one in the queue. Before the storage is stopped.
  void stop();

 private:
  void post();
  void ended(const Status& done);

  storage::Storage& storage_;
  const Clock& clock_;
  const Tell tell_;
  Mutex mutex_;
  bool running_ DOORSTEP_GUARDED_BY(mutex_) = false;
  bool stopping_ DOORSTEP_GUARDED_BY(mutex_) = false;
  bool more_ = false;  // writer thread
};

}  // namespace doorstep::records
