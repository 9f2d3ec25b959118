// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/record_settling.h"

#include "sync-server/records/record_keeper.h"
#include "sync-server/records/tuning.h"

namespace doorstep::records {
namespace {

Result<Settled> settleSome(sql::Database& database, const Clock& clock) {
  DOORSTEP_ASSIGN(auto keeper, RecordKeeper::open(database, clock.wallUnixMs()));
  return keeper.settle(kSettledPerJob);
}

Result<bool> hasWork(storage::Storage& storage, const Clock& clock) {
  const auto lease = storage.read();
  return isBehind(lease, clock.wallUnixMs());
}

}  // namespace

Status settleAll(storage::Storage& storage, const Clock& clock,
                 const std::function<Status()>& mayGoOn,
                 const std::function<void(std::uint64_t)>& progress) {
  DOORSTEP_ASSIGN(bool more, hasWork(storage, clock));
  std::uint64_t visits = 0;
  while (more) {
    DOORSTEP_TRY(mayGoOn());
    DOORSTEP_ASSIGN(const Settled settled,
                    storage.writeWithAnswer<Settled>(
                        [&](sql::Database& database) { return settleSome(database, clock); }));
    more = settled.more;
    visits += settled.visits;
    if (progress)
      progress(visits);
  }
  return kDone;
}

void BackgroundSettling::kick() {
  {
    const MutexLock lock(mutex_);
    if (running_ || stopping_)
      return;
    running_ = true;
  }
  const auto behind = hasWork(storage_, clock_);
  if (behind.ok() && *behind)
    return post();
  if (!behind.ok())
    tell_(behind.error());
  const MutexLock lock(mutex_);
  running_ = false;
}

void BackgroundSettling::post() {
  storage_.writeAsync(
      [this](sql::Database& database) -> Status {
        DOORSTEP_ASSIGN(const Settled settled, settleSome(database, clock_));
        more_ = settled.more;
        return kDone;
      },
      [this](const Status& done) { ended(done); });
}

void BackgroundSettling::ended(const Status& done) {
  if (!done.ok() && done.error().reason != "SERVER_STOPPING")
    tell_(done.error());
  {
    const MutexLock lock(mutex_);
    running_ = done.ok() && more_ && !stopping_;
    if (!running_)
      return;
  }
  post();
}

void BackgroundSettling::stop() {
  const MutexLock lock(mutex_);
  stopping_ = true;
}

}  // namespace doorstep::records
