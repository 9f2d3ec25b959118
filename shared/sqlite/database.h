// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::sqlite {

class Database;

// A prepared statement. Parameters and columns count from 0. A text or blob that is bound must live
// until the statement is stepped or reset. Thread: the database's.
class Statement {
 public:
  // Bound by type. A string_view binds as a blob with bindBlob and as text with bindText.
  Statement& bind(int index, std::int64_t value);
  Statement& bindId(int index, std::uint64_t value);  // two's complement, reads back with columnId
  Statement& bindReal(int index, double value);
  Statement& bindText(int index, std::string_view value);
  Statement& bindBlob(int index, std::string_view value);
  Statement& bindNull(int index);

  // True: a row is there. False: done. Errors: SQLITE_BUSY as Unavailable, SQLITE_FULL and I/O
  // errors as ResourceExhausted and DataLoss, a constraint as AlreadyExists; the reason is SQLite's
  // name.
  Result<bool> step();
  // Steps to the end and resets: for statements without rows.
  Status run();
  // Ready to be bound and stepped again; the bindings are cleared.
  void reset();

  std::int64_t columnInt(int column) const;
  std::uint64_t columnId(int column) const;
  double columnReal(int column) const;
  std::string columnText(int column) const;
  std::string columnBlob(int column) const;
  bool columnIsNull(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  Statement(sqlite3_stmt* statement, const Status* stopped)
      : statement_(statement), stopped_(stopped) {}
  Statement& bound(int result);
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  const Status* stopped_;        // of the database: why it was interrupted
  int bindFailure_ = SQLITE_OK;  // the first since the last reset; step() returns it
};

struct OpenOptions {
  bool readOnly = false;
  // Registered VFS to use; empty: the default. The simulator's crash-faithful VFS comes in here.
  std::string vfs;
  // Keeps the file locked and needs no shared memory: for a file with one connection.
  bool exclusive = false;
  // How long a statement waits for another connection's transaction before it is SQLITE_BUSY.
  int busyWaitMs = 5'000;
  // Of a writer with readers beside it: a WAL that has so many pages after a commit is emptied even
  // if the readers have to be waited for, a moment at each commit. 0: as SQLite does it by itself,
  // which under steady reading may be never.
  int walPagesMax = 0;
  // Makes a file that is missing; else it is SQLITE_CANTOPEN.
  bool create = true;
};

// One connection: WAL, synchronous=FULL, foreign keys on. A commit that returned
// survives power loss. Thread: one at a time.
class Database {
 public:
  // ok: go on. Asked from time to time on the database's thread; must return at once.
  using MayGoOn = std::function<Status()>;

  // A connection that could not be had: whatever is asked of it is answered with the error.
  static Database refusing(Error error);
  bool refuses() const { return refused_.has_value(); }
  static Result<Database> open(const std::string& path, const OpenOptions& options = {});
  // Deletes a closed database with what lies beside it. Nothing to delete is no error.
  static Status remove(const std::string& path, const std::string& vfs = {});

  // Runs statements that have no parameters and no rows.
  Status execute(const char* sql);
  // Errors: SCHEMA_DAMAGED (DataLoss) when the file lacks a table or a column; SQLite's.
  Result<Statement> prepare(std::string_view sql);
  std::int64_t lastInsertRowid() const;
  std::int64_t changes() const;
  // Runs PRAGMA quick_check. Error DATABASE_DAMAGED.
  Status quickCheck();

  // From now on long work can be stopped: SQLite asks every few ten thousand steps of a statement,
  // and a loop over rows asks with goOn(). A statement that is stopped returns mayGoOn's error.
  // Null: never stopped.
  void stopWhen(MayGoOn mayGoOn);
  // For loops that read much: mayGoOn's answer, asked at every 64th call.
  Status goOn();

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  // What SQLite's callbacks are given: it stays where it is when the Database moves.
  struct Watch {
    MayGoOn mayGoOn;
    Status stopped = kDone;  // mayGoOn's error, once it said so
    unsigned asked = 0;
    int walPagesMax = 0;
    int emptyAtPages = 0;  // walPagesMax, or later when readers did not leave
    int busyWaitMs = 0;
    bool ask();
  };
  explicit Database(sqlite3* database) : database_(database), watch_(std::make_unique<Watch>()) {}
  static int onCommit(void* watch, sqlite3* database, const char* name, int pages);

  std::unique_ptr<sqlite3, Close> database_;  // null: refuses
  std::optional<Error> refused_;
  std::unique_ptr<Watch> watch_;
};

// BEGIN IMMEDIATE … COMMIT; rolls back when it is left without a commit.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // Durable when it returns ok. After an error nothing of the transaction is in the file.
  Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace doorstep::sqlite
