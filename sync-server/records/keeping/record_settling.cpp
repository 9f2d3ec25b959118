// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/record_settling.h"

#include "sync-server/records/keeping/decided_changes.h"
#include "sync-server/records/tuning.h"

namespace doorstep::records {
namespace {

Result<bool> hasWork(storage::Storage& storage, const Clock& clock) {
  const auto lease = storage.read();
  return isBehind(lease, clock.wallUnixMs());
}

Status writeRecord(RecordWriter& writer, const RecordDraft::VisitKey& key,
                   const DraftedRecord& record) {
  const auto& [provider, visit] = key;
  if (record.isRemoved)
    return writer.remove(provider, visit);
  if (record.row)
    DOORSTEP_TRY(record.isInPlace ? writer.putInPlace(*record.row) : writer.put(*record.row));
  if (!record.slots)
    return kDone;
  return writer.putSlots(provider, visit, record.person, *record.slots, record.dropsSlots);
}

}  // namespace

Result<Settlement> judgeSome(storage::Storage& storage, std::int64_t nowUnixMs,
                             std::uint32_t limit) {
  const auto lease = storage.read();
  DOORSTEP_ASSIGN(const auto snapshot,
                  sql::Transaction::begin(lease, sql::TransactionKind::Snapshot));
  DOORSTEP_ASSIGN(auto keeper, RecordKeeper::open(lease, nowUnixMs));
  return keeper.settle(limit);
}

Result<bool> writeSettlement(sql::Database& database, const Settlement& settlement) {
  DOORSTEP_ASSIGN(const std::int64_t now, settlings(database));
  if (now != settlement.after)
    return false;
  DOORSTEP_TRY(countSettling(database));
  DOORSTEP_TRY(projections::forgetTouches(database, settlement.touched));
  for (const auto& [provider, read] : settlement.read)
    DOORSTEP_TRY(putReadPlan(database, provider, read.planVersion, read.visit));
  DOORSTEP_ASSIGN(auto writer, RecordWriter::open(database));
  for (const auto& [key, record] : settlement.records)
    DOORSTEP_TRY(writeRecord(writer, key, record));
  return true;
}

Result<Settled> settleSome(storage::Storage& storage, std::int64_t nowUnixMs, std::uint32_t limit) {
  bool decided = false;
  {
    const auto lease = storage.read();
    DOORSTEP_ASSIGN(decided, isDecidedAnew(lease));
  }
  if (decided)
    DOORSTEP_TRY(storage.write(touchDecided));
  DOORSTEP_ASSIGN(const Settlement settlement, judgeSome(storage, nowUnixMs, limit));
  if (settlement.visits == 0 && settlement.read.empty() && settlement.touched.empty())
    return Settled{0, settlement.more};
  DOORSTEP_ASSIGN(const bool written, storage.writeWithAnswer<bool>([&](sql::Database& database) {
    return writeSettlement(database, settlement);
  }));
  return written ? Settled{settlement.visits, settlement.more} : Settled{0, true};
}

Status settleAll(storage::Storage& storage, const Clock& clock,
                 const std::function<Status()>& mayGoOn,
                 const std::function<void(std::uint64_t)>& progress) {
  DOORSTEP_ASSIGN(bool more, hasWork(storage, clock));
  std::uint64_t visits = 0;
  while (more) {
    DOORSTEP_TRY(mayGoOn());
    DOORSTEP_ASSIGN(const Settled settled, settleSome(storage, clock.wallUnixMs(), kSettledPerJob));
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
  if (post_([this] { run(); }))
    return;
  const MutexLock lock(mutex_);
  running_ = false;
}

void BackgroundSettling::run() {
  const Status done = settleAll(storage_, clock_, [this]() -> Status {
    if (isStopping())
      return Error{ErrorCode::Unavailable, "SERVER_STOPPING", "the server stops"};
    return kDone;
  });
  if (!done.ok() && done.error().reason != "SERVER_STOPPING")
    tell_(done.error());
  const MutexLock lock(mutex_);
  running_ = false;
}

bool BackgroundSettling::isStopping() {
  const MutexLock lock(mutex_);
  return stopping_;
}

void BackgroundSettling::stop() {
  const MutexLock lock(mutex_);
  stopping_ = true;
}

}  // namespace doorstep::records
