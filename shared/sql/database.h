// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/result.h"

// What stores are written against. Which engine lies behind it is chosen where the database is
// opened (shared/sql/sqlite.h). One text of a statement serves every engine, so it is portable SQL:
// tests/tidy knows what is not.
namespace doorstep::sql {

class DatabaseEngine;
class StatementEngine;

// A prepared statement. Parameters and columns count from 0. A text or blob that is bound must live
// until the statement is stepped or reset. Thread: the database's.
class Statement {
 public:
  explicit Statement(std::unique_ptr<StatementEngine> engine);
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;
  ~Statement();

  // Bound by type. A string_view binds as a blob with bindBlob and as text with bindText. Text that
  // holds a NUL byte makes the next step fail with TEXT_WITH_NUL (InvalidArgument): not every
  // engine can store it.
  Statement& bind(int index, std::int64_t value);
  Statement& bindId(int index, std::uint64_t value);  // two's complement, reads back with columnId
  Statement& bindReal(int index, double value);
  Statement& bindText(int index, std::string_view value);
  Statement& bindBlob(int index, std::string_view value);
  Statement& bindNull(int index);

  // True: a row is there. False: done. Errors: another transaction is in the way as Unavailable, no
  // room as ResourceExhausted, I/O errors as DataLoss, a constraint as AlreadyExists, a transaction
  // that another one was in the way of and that may be run again as Aborted; the reason is the
  // engine's name for it.
  Result<bool> step();
  // Steps to the end and resets: for statements without rows. Inside a transaction an engine may
  // report the error as late as at the next step() or the commit.
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
  std::unique_ptr<StatementEngine> engine_;
  bool textRefused_ = false;  // since the last reset
};

enum class TransactionKind {
  // Reads and writes. Nobody else writes what it has read before it ends, or it ends with Aborted.
  Write,
  // Reads only, all of one state. Inside another transaction it is a part of that one.
  Snapshot,
};

// One connection. A commit that returned survives power loss. Thread: one at a time.
class Database {
 public:
  // ok: go on. Asked from time to time on the database's thread; must return at once.
  using MayGoOn = std::function<Status()>;

  explicit Database(std::unique_ptr<DatabaseEngine> engine);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  // A connection that could not be had: whatever is asked of it is answered with the error.
  static Database refusing(Error error);
  bool refuses() const { return refused_.has_value(); }

  // Runs statements that have no parameters and no rows.
  Status execute(const char* sql);
  // Errors: SCHEMA_DAMAGED (DataLoss) when the database lacks a table or a column; the engine's.
  // An engine may look at the text as late as at its first step.
  Result<Statement> prepare(std::string_view sql);
  Result<bool> hasTable(std::string_view name);
  // True when another connection has committed since this was last asked of this one. An engine
  // that cannot tell says true.
  Result<bool> changedElsewhere();
  // What the engine can check by itself of how the data is stored. Error DATABASE_DAMAGED.
  Status quickCheck();

  // From now on long work can be stopped: the engine asks from time to time while a statement runs,
  // and a loop over rows asks with goOn(). A statement that is stopped returns mayGoOn's error.
  // Null: never stopped.
  void stopWhen(MayGoOn mayGoOn);
  // For loops that read much: mayGoOn's answer, asked at every 64th call.
  Status goOn();

 private:
  friend class Transaction;
  Database() = default;
  std::unique_ptr<DatabaseEngine> engine_;  // null: refuses
  std::optional<Error> refused_;
};

// Rolls back when it is left without a commit.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database,
                                   TransactionKind kind = TransactionKind::Write);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // Durable when it returns ok. After an error nothing of the transaction is in the database; only
  // of one that is Unavailable, whose answer did not come, nobody knows.
  Status commit();

 private:
  Transaction(DatabaseEngine* engine, bool part) : engine_(engine), part_(part) {}
  DatabaseEngine* engine_;  // null: over or moved from
  bool part_;               // of another, which commits or rolls back
};

}  // namespace doorstep::sql
