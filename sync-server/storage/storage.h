// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "shared/core/mutex.h"
#include "shared/core/result.h"
#include "shared/core/task_queue.h"
#include "shared/sql/database.h"

namespace doorstep::storage {

struct StorageOptions {
  std::string path;
  // PostgreSQL's address (postgres::open), used instead of path. Empty: SQLite.
  std::string postgres = {};
  // As sql::SqliteOptions::vfs; for the simulator's crash-faithful file system.
  std::string vfs = {};
  // No thread: write() runs its job inline and read() returns the one connection. For the simulator
  // and single-threaded commands.
  bool singleThreaded = false;
  // Wraps each connection; for tests that observe its statements. Null: none.
  std::function<sql::Database(sql::Database)> over = nullptr;
};

class Storage;

// A borrowed read connection; returned to the pool on destruction. Its reads see every commit that
// returned before they began. Do not hold it while waiting for anything else. A thread with a lease
// gets the same connection from a second read(): waiting for another while holding the first would
// deadlock when file handles run out. If none is available, each statement returns NO_READER.
// Thread: the one that took it.
class ReadLease {
 public:
  ReadLease(ReadLease&& other) noexcept;
  ReadLease& operator=(ReadLease&&) = delete;
  ~ReadLease();
  sql::Database& operator*() const { return *database_; }
  sql::Database* operator->() const { return database_; }
  operator sql::Database&() const { return *database_; }
  // Makes long work cancellable until the lease ends (sql::Database::stopWhen).
  void stopWhen(sql::Database::MayGoOn mayGoOn) { database_->stopWhen(std::move(mayGoOn)); }

 private:
  friend class Storage;
  ReadLease(Storage* storage, std::unique_ptr<sql::Database> owned, sql::Database* database);
  Storage* storage_;
  // Null: lent by a single-threaded storage, or by another lease of the thread.
  std::unique_ptr<sql::Database> owned_;
  sql::Database* database_;
};

// The server's one database: a writer connection on one thread, and a pool of read connections. No
// other code in this process opens it, so on SQLite writers never cause each other's SQLITE_BUSY.
//
// Stores (event_log, identity, roster, …) are in their folders and independent of threads:
//  * each method takes the `sql::Database&` it works on: the one passed to a write job, or a
//    ReadLease. A class on the hot path may instead be built over writer() and keep its statements;
//    it is then called inside write jobs only.
//  * a folder has `Status migrate(sql::Database&)` in its schema.h, which calls
//    sql::migrate(database, "<folder>", kMigrations). config/server_context.cpp calls it at
//    start, before any other use.
//
// A crash leaves each job complete or absent; a job whose write() returned ok is durable. Another
// process (a maintenance tool) may write too: see changedElsewhere(). Thread: any, except writer()
// and changedElsewhere(), which are for jobs.
class Storage {
 public:
  using Job = std::function<Status(sql::Database&)>;
  using Done = std::function<void(const Status&)>;

  static Result<std::unique_ptr<Storage>> open(const StorageOptions& options);
  // Runs queued jobs, then ends.
  ~Storage();

  // Runs the job in its own transaction on the writer thread; durable when it returns ok, otherwise
  // nothing of it is stored. Do not call inside a job. A job that conflicted with another process
  // is run again, so it must have no effect outside its database and its result. Error
  // SERVER_STOPPING after stop().
  Status write(Job job);
  // The same for a job with a result.
  template <typename Answer, typename AnsweringJob>
  Result<Answer> writeWithAnswer(AnsweringJob job) {
    std::optional<Answer> answer;
    DOORSTEP_TRY(write([&](sql::Database& database) -> Status {
      DOORSTEP_ASSIGN(answer, job(database));
      return kDone;
    }));
    return *std::move(answer);
  }
  // The same without waiting. done is called on the writer thread after commit or failure.
  void writeAsync(Job job, Done done);
  // Runs the task on the writer thread outside any transaction and waits for it: for callers that
  // make their own. Like a job it is run again after a conflict with another process.
  Status onWriter(const std::function<Status()>& task);
  // Posts a task to the writer thread outside any transaction, for group commit.
  void postToWriter(TaskQueue::Task task);

  ReadLease read();

  // The writer's connection. Only inside a job, or before the first job.
  sql::Database& writer() { return *writer_; }
  // True when another process has committed since the last call. Only inside a job.
  Result<bool> changedElsewhere();

  // Refuses new jobs; returns when queued ones are done.
  void stop();

 private:
  friend class ReadLease;
  explicit Storage(StorageOptions options) : options_(std::move(options)) {}
  Status runOnWriter(const std::function<Status()>& task);
  Status runJob(const Job& job);
  Status runJobOnce(const Job& job);
  Result<sql::Database> openWriter() const;
  bool post(TaskQueue::Task task);
  Result<std::unique_ptr<sql::Database>> openReader() const;
  std::unique_ptr<sql::Database> takeIdle(std::chrono::milliseconds wait);
  void giveBack(std::unique_ptr<sql::Database> database);

  const StorageOptions options_;
  std::optional<sql::Database> writer_;  // writer thread

  Mutex mutex_;
  Condition returned_;
  std::vector<std::unique_ptr<sql::Database>> idleReads_ DOORSTEP_GUARDED_BY(mutex_);
  std::map<std::thread::id, sql::Database*> lent_ DOORSTEP_GUARDED_BY(mutex_);  // leases by thread

  // Bounded by its posters: threads waiting for their job, group commit with one task at a time,
  // one last-use update per session every five minutes.
  TaskQueue tasks_{std::numeric_limits<std::size_t>::max()};
  std::thread thread_;
};

}  // namespace doorstep::storage
