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
  // Where PostgreSQL is (postgres::open): the database is there and not at path. Empty: SQLite.
  std::string postgres = {};
  // As sql::SqliteOptions::vfs: the simulator's crash-faithful file system comes in here.
  std::string vfs = {};
  // No thread: write() runs its job inline and read() gives the one connection. For the simulator
  // and for commands, which are one thread themselves.
  bool singleThreaded = false;
  // What tests put over each connection to see what is asked of it. Null: nothing.
  std::function<sql::Database(sql::Database)> over = nullptr;
};

class Storage;

// A read connection for a while; goes back to the pool at the end. Its reads see every commit that
// returned before they began. Not to be kept across a wait for anything else. A thread that holds a
// lease and takes another gets the same connection: one that waits for a second while it holds the
// first would wait for ever when no file handles are left. When none can be had each statement is
// answered with NO_READER. Thread: the one that took it.
class ReadLease {
 public:
  ReadLease(ReadLease&& other) noexcept;
  ReadLease& operator=(ReadLease&&) = delete;
  ~ReadLease();
  sql::Database& operator*() const { return *database_; }
  sql::Database* operator->() const { return database_; }
  operator sql::Database&() const { return *database_; }
  // Until the lease ends: long work on it is stopped when mayGoOn is not ok
  // (sql::Database::stopWhen).
  void stopWhen(sql::Database::MayGoOn mayGoOn) { database_->stopWhen(std::move(mayGoOn)); }

 private:
  friend class Storage;
  ReadLease(Storage* storage, std::unique_ptr<sql::Database> owned, sql::Database* database);
  Storage* storage_;
  // Empty: lent by a single-threaded storage, or by the lease that the thread holds already.
  std::unique_ptr<sql::Database> owned_;
  sql::Database* database_;
};

// The server's one database: one writer connection on one thread, and a pool of read connections.
// Nobody else opens it in this process, so of SQLite writers never meet a SQLITE_BUSY of their own
// making.
//
// Stores (event_log, identity, roster, …) live in their folders and know nothing of threads:
//  * each method takes the `sql::Database&` it works on: the one that a write job was given,
//    or a ReadLease. A class on the hot path may instead be built over writer() and keep its
//    statements; it is then called inside write jobs only.
//  * a folder has `Status migrate(sql::Database&)` in its schema.h, which calls
//    sql::migrate(database, "<folder>", kMigrations). config/server_context.cpp calls it at
//    start, before any other use.
//
// A crash leaves each job in the file wholly or not at all; a job whose write() returned ok is
// there. Another process (`doorstep-server enrol` beside `serve`) may write too: changedElsewhere()
// tells. Thread: any, but for writer() and changedElsewhere(), which belong to jobs.
class Storage {
 public:
  using Job = std::function<Status(sql::Database&)>;
  using Done = std::function<void(const Status&)>;

  static Result<std::unique_ptr<Storage>> open(const StorageOptions& options);
  // Runs what is queued, then ends.
  ~Storage();

  // Runs the job in a transaction of its own on the writer thread; durable when it returns ok, and
  // nothing of it is in the file otherwise. Never from inside a job. A job that another process's
  // was in the way of is run again, so it touches nothing but its database and its answer. Error
  // SERVER_STOPPING after stop().
  Status write(Job job);
  // The same for a job with an answer.
  template <typename Answer, typename AnsweringJob>
  Result<Answer> writeWithAnswer(AnsweringJob job) {
    std::optional<Answer> answer;
    DOORSTEP_TRY(write([&](sql::Database& database) -> Status {
      DOORSTEP_ASSIGN(answer, job(database));
      return kDone;
    }));
    return *std::move(answer);
  }
  // The same without waiting. done is called on the writer thread after the commit or the failure.
  void writeAsync(Job job, Done done);
  // Runs the task on the writer thread outside any transaction and waits for it: for who makes a
  // transaction of its own there. Like a job it is run again when another process's was in its way.
  Status onWriter(const std::function<Status()>& task);
  // A task on the writer thread outside any transaction: group commit makes its own.
  void postToWriter(TaskQueue::Task task);

  ReadLease read();

  // The writer's connection. Only inside a job, or before the first job.
  sql::Database& writer() { return *writer_; }
  // True when another process has committed since this was last asked. Only inside a job.
  Result<bool> changedElsewhere();

  // Refuses new jobs and returns when the queued ones are done.
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
  std::map<std::thread::id, sql::Database*> lent_ DOORSTEP_GUARDED_BY(mutex_);  // to whom

  // Bounded by who posts: threads that wait for their job, group commit with one task at a time, a
  // session's last use every five minutes.
  TaskQueue tasks_{std::numeric_limits<std::size_t>::max()};
  std::thread thread_;
};

}  // namespace doorstep::storage
