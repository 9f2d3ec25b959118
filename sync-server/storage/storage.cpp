// SPDX-License-Identifier: Apache-2.0
#include "sync-server/storage/storage.h"

#include <future>
#include <utility>

#include "shared/core/guarded.h"
#include "shared/sql/sqlite.h"
#include "sync-server/storage/limits.h"
#include "sync-server/storage/postgres/postgres.h"

namespace doorstep::storage {
namespace {

const Error kStopping{ErrorCode::Unavailable, "SERVER_STOPPING", "the storage takes no more jobs"};
const Error kNoReader{ErrorCode::Unavailable, "NO_READER",
                      "no connection to the database could be had; try again"};

}  // namespace

ReadLease::ReadLease(Storage* storage, std::unique_ptr<sql::Database> owned,
                     sql::Database* database)
    : storage_(storage), owned_(std::move(owned)), database_(database) {}

ReadLease::ReadLease(ReadLease&& other) noexcept
    : storage_(std::exchange(other.storage_, nullptr)),
      owned_(std::move(other.owned_)),
      database_(other.database_) {}

ReadLease::~ReadLease() {
  if (storage_ && owned_)
    storage_->giveBack(std::move(owned_));
}

Result<std::unique_ptr<Storage>> Storage::open(const StorageOptions& options) {
  std::unique_ptr<Storage> storage(new Storage(options));
  DOORSTEP_ASSIGN(auto database, storage->openWriter());
  storage->writer_.emplace(std::move(database));
  DOORSTEP_TRY(storage->writer_->changedElsewhere());  // the present state is not a change
  if (options.singleThreaded)
    return storage;
  for (std::size_t i = 0; i < kReadConnectionsMin; ++i) {
    DOORSTEP_ASSIGN(auto reader, storage->openReader());
    // SQLite opens its WAL at the first read: do it now.
    DOORSTEP_TRY(reader->hasTable("schema_version"));
    const MutexLock lock(storage->mutex_);
    storage->idleReads_.push_back(std::move(reader));
  }
  storage->thread_ = std::thread([raw = storage.get()] { raw->tasks_.run(); });
  return storage;
}

Storage::~Storage() { stop(); }

Result<sql::Database> Storage::openWriter() const {
  DOORSTEP_ASSIGN(auto opened,
                  options_.postgres.empty()
                      ? sql::openSqlite(options_.path,
                                        {.vfs = options_.vfs,
                                         .busyWaitMs = kWriterWaitMsMax,
                                         .walPagesMax = options_.singleThreaded ? 0 : kWalPagesMax})
                      : postgres::open(options_.postgres, {.lockWaitMs = kWriterWaitMsMax}));
  return options_.over ? options_.over(std::move(opened)) : std::move(opened);
}

Status Storage::runJob(const Job& job) {
  return runOnWriter([&] { return runJobOnce(job); });
}

Status Storage::runOnWriter(const std::function<Status()>& task) {
  for (int runs = 1;; ++runs) {
    Status done = task();
    if (done.ok() || done.error().code != ErrorCode::Aborted || runs == kJobRunsMax)
      return done;
  }
}

Status Storage::runJobOnce(const Job& job) {
  DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(*writer_));
  DOORSTEP_TRY(guarded([&] { return job(*writer_); }));
  return transaction.commit();
}

Status Storage::write(Job job) {
  return onWriter([&] { return runJobOnce(job); });
}

Status Storage::onWriter(const std::function<Status()>& task) {
  DOORSTEP_CHECK(std::this_thread::get_id() != thread_.get_id());
  if (options_.singleThreaded)
    return runOnWriter(task);
  std::promise<Status> promise;
  auto result = promise.get_future();
  if (!post([&] { promise.set_value(runOnWriter(task)); }))
    return kStopping;
  return result.get();
}

void Storage::writeAsync(Job job, Done done) {
  if (options_.singleThreaded)
    return done(runJob(job));
  // If the task will not run, done is called here, so that it is always called.
  auto shared = std::make_shared<std::pair<Job, Done>>(std::move(job), std::move(done));
  if (!post([this, shared] { shared->second(runJob(shared->first)); }))
    shared->second(kStopping);
}

void Storage::postToWriter(TaskQueue::Task task) {
  if (options_.singleThreaded)
    return task();
  (void)post(std::move(task));
}

bool Storage::post(TaskQueue::Task task) {
  if (std::this_thread::get_id() != thread_.get_id())
    return tasks_.post(std::move(task));
  // Tasks on the writer may continue after stop(): group commit empties its queue in several tasks.
  tasks_.goOn(std::move(task));
  return true;
}

Result<std::unique_ptr<sql::Database>> Storage::openReader() const {
  DOORSTEP_ASSIGN(auto opened,
                  options_.postgres.empty()
                      ? sql::openSqlite(options_.path, {.readOnly = true, .vfs = options_.vfs})
                      : postgres::open(options_.postgres, {.readOnly = true}));
  return std::make_unique<sql::Database>(options_.over ? options_.over(std::move(opened))
                                                       : std::move(opened));
}

ReadLease Storage::read() {
  if (options_.singleThreaded)
    return {this, nullptr, &*writer_};
  {
    const MutexLock lock(mutex_);
    if (const auto held = lent_.find(std::this_thread::get_id()); held != lent_.end())
      return {this, nullptr, held->second};
  }
  auto database = takeIdle(std::chrono::milliseconds(0));
  if (!database) {
    // As many connections as threads that read at once; callers are bounded pools.
    auto opened = openReader();
    // Out of file handles (thousands of phones use them): one of ours will be returned soon.
    database = opened.ok() ? std::move(opened).value() : takeIdle(kReaderWait);
  }
  if (!database)
    database = std::make_unique<sql::Database>(sql::Database::refusing(kNoReader));
  auto* raw = database.get();
  const MutexLock lock(mutex_);
  lent_.emplace(std::this_thread::get_id(), raw);
  return {this, std::move(database), raw};
}

std::unique_ptr<sql::Database> Storage::takeIdle(std::chrono::milliseconds wait) {
  const auto deadline = Condition::deadlineIn(wait);
  const MutexLock lock(mutex_);
  while (idleReads_.empty()) {
    if (wait.count() == 0 || !returned_.waitUntil(mutex_, deadline))
      return nullptr;
  }
  auto database = std::move(idleReads_.back());
  idleReads_.pop_back();
  return database;
}

void Storage::giveBack(std::unique_ptr<sql::Database> database) {
  database->stopWhen(nullptr);
  {
    const MutexLock lock(mutex_);
    const auto held = lent_.find(std::this_thread::get_id());
    DOORSTEP_CHECK(held != lent_.end() && held->second == database.get());
    lent_.erase(held);
    if (!database->refuses())
      idleReads_.push_back(std::move(database));
  }
  returned_.notifyOne();
}

Result<bool> Storage::changedElsewhere() { return writer_->changedElsewhere(); }

void Storage::stop() {
  tasks_.close();
  if (thread_.joinable())
    thread_.join();
}

}  // namespace doorstep::storage
