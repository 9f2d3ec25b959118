// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "shared/core/clock.h"
#include "shared/core/mutex.h"
#include "shared/core/result.h"
#include "sync-server/records/keeping/record_keeper.h"
#include "sync-server/storage/storage.h"

namespace doorstep::records {

struct Settled {
  std::uint32_t visits = 0;  // judged and written
  bool more = false;         // something waits
};

// One batch: at most `limit` visits of each kind of touch are judged on a reader's connection, by
// one state of the database, and what they came to is written in one short job. Where somebody
// else wrote records meanwhile, nothing is written and `more` is true; a visit that was touched
// meanwhile stays touched. Thread: any but the writer's, without a lease.
Result<Settled> settleSome(storage::Storage& storage, std::int64_t nowUnixMs, std::uint32_t limit);

// Its two halves: what waits as it is judged by one state of the database, and the job that writes
// it. False: somebody else wrote records since the visits were judged; nothing is written.
Result<Settlement> judgeSome(storage::Storage& storage, std::int64_t nowUnixMs,
                             std::uint32_t limit);
Result<bool> writeSettlement(sql::Database& database, const Settlement& settlement);

// Settles everything that waits (record_keeper.h), in batches of kSettledPerJob visits, until
// mayGoOn's error ends it. progress: visits judged so far; may be null. Thread: any but the
// writer's, without a lease.
Status settleAll(storage::Storage& storage, const Clock& clock,
                 const std::function<Status()>& mayGoOn,
                 const std::function<void(std::uint64_t visits)>& progress = nullptr);

// Settles what waits in the background of a server: kick() looks, and while something waits, one
// batch after the other is judged on a thread of the poster, so that the writer has the writing
// alone to do. Failures are reported and tried again at the next kick. Thread: any.
class BackgroundSettling {
 public:
  using Tell = std::function<void(const Error&)>;
  // Runs the task on a thread that may wait; false: it does not.
  using Post = std::function<bool(std::function<void()>)>;
  // All outlive it and its last task.
  BackgroundSettling(storage::Storage& storage, const Clock& clock, Post post, Tell tell)
      : storage_(storage), clock_(clock), post_(std::move(post)), tell_(std::move(tell)) {}

  void kick();
  // No batch follows the one that runs. Before the poster's thread and the storage are stopped.
  void stop();

 private:
  void run();
  bool isStopping();

  storage::Storage& storage_;
  const Clock& clock_;
  const Post post_;
  const Tell tell_;
  Mutex mutex_;
  bool running_ DOORSTEP_GUARDED_BY(mutex_) = false;
  bool stopping_ DOORSTEP_GUARDED_BY(mutex_) = false;
};

}  // namespace doorstep::records
