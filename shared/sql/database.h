// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/result.h"

// The database interface of all stores. The engine is chosen where the database is opened
// (shared/sql/sqlite.h). One statement text serves every engine, so it is portable SQL; tests/tidy
// lists what is not.
namespace doorstep::sql {

class DatabaseEngine;
class StatementEngine;

// A prepared statement. Parameters and columns count from 0. A bound text or blob must outlive the
// next step or reset. Thread: the database's.
class Statement {
 public:
  explicit Statement(std::unique_ptr<StatementEngine> engine);
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;
  ~Statement();

  // Binds by type; a string_view with bindBlob or bindText. A text with a NUL byte, which not every
  // engine can store, makes the next step fail with TEXT_WITH_NUL (InvalidArgument).
  Statement& bind(int index, std::int64_t value);
  Statement& bindId(int index, std::uint64_t value);  // two's complement; read with columnId
  Statement& bindReal(int index, double value);
  Statement& bindText(int index, std::string_view value);
  Statement& bindBlob(int index, std::string_view value);
  Statement& bindNull(int index);

  // True: a row. False: done. Errors: Unavailable (a conflicting transaction holds a lock),
  // ResourceExhausted (no room), DataLoss (I/O), AlreadyExists (a constraint), Aborted (a conflict
  // ended this transaction; it may be retried). The reason is the engine's name for the error.
  Result<bool> step();
  // Steps to the end and resets: for statements without rows. Inside a transaction an engine may
  // defer the error to the next step() or the commit.
  Status run();
  // Makes the statement ready to be bound and stepped again; clears the bindings.
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
  // Reads and writes, serializable: no other connection changes what it has read until it ends, or
  // it ends with Aborted.
  Write,
  // Reads of one consistent state. Inside another transaction it joins that one.
  Snapshot,
};

// One connection. A commit that returned survives power loss. Thread: one at a time.
class Database {
 public:
  // ok: continue. Polled on the database's thread; must return at once.
  using MayGoOn = std::function<Status()>;

  explicit Database(std::unique_ptr<DatabaseEngine> engine);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  // Stands for a failed connection: every call returns the error.
  static Database refusing(Error error);
  bool refuses() const { return refused_.has_value(); }

  // Runs statements without parameters and rows.
  Status execute(const char* sql);
  // Errors: SCHEMA_DAMAGED (DataLoss) when the database lacks a table or a column; the engine's. An
  // engine may defer parsing to the first step.
  Result<Statement> prepare(std::string_view sql);
  Result<bool> hasTable(std::string_view name);
  // True when another connection has committed since the last call. An engine that cannot know
  // returns true.
  Result<bool> changedElsewhere();
  // The engine's own check of its storage. Error DATABASE_DAMAGED.
  Status quickCheck();

  // Makes long work cancellable from now on: the engine polls mayGoOn while a statement runs, and a
  // loop over rows polls it with goOn(). A cancelled statement returns mayGoOn's error. Null: never
  // cancelled.
  void stopWhen(MayGoOn mayGoOn);
  // For loops over many rows: polls mayGoOn on every 64th call and returns its result.
  Status goOn();

 private:
  friend class Transaction;
  Database() = default;
  std::unique_ptr<DatabaseEngine> engine_;  // null: every call returns refused_
  std::optional<Error> refused_;
};

// Rolls back on destruction unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database,
                                   TransactionKind kind = TransactionKind::Write);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // Durable when it returns ok. After an error nothing of the transaction is stored, except that
  // after Unavailable (the engine's reply was lost) the outcome is unknown.
  Status commit();

 private:
  Transaction(DatabaseEngine* engine, bool part) : engine_(engine), part_(part) {}
  DatabaseEngine* engine_;  // null: ended or moved from
  bool part_;               // nested: the outer one commits or rolls back
};

}  // namespace doorstep::sql
