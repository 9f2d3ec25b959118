// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "shared/sql/database.h"

namespace doorstep::sql {

// Engine side of a Statement; functions behave as Statement documents. Thread: the connection's.
class StatementEngine {
 public:
  virtual ~StatementEngine() = default;

  virtual void bindInt(int index, std::int64_t value) = 0;
  virtual void bindReal(int index, double value) = 0;
  virtual void bindText(int index, std::string_view value) = 0;
  virtual void bindBlob(int index, std::string_view value) = 0;
  virtual void bindNull(int index) = 0;

  virtual Result<bool> step() = 0;
  virtual Status run() = 0;
  virtual void reset() = 0;

  virtual std::int64_t columnInt(int column) const = 0;
  virtual double columnReal(int column) const = 0;
  virtual std::string columnText(int column) const = 0;
  virtual std::string columnBlob(int column) const = 0;
  virtual bool columnIsNull(int column) const = 0;
};

// Cancellation state of a connection: Database::stopWhen's function, and its error once it has
// refused. Thread: the connection's.
class Stopping {
 public:
  void set(Database::MayGoOn mayGoOn);
  // Polls now. False: stop.
  bool ask();
  // As Database::goOn.
  Status goOn();
  bool isSet() const { return static_cast<bool>(mayGoOn_); }
  const Status& stopped() const { return stopped_; }

 private:
  Database::MayGoOn mayGoOn_;
  Status stopped_ = kDone;  // mayGoOn's error once it refused
  unsigned asked_ = 0;
};

// Engine side of a Database: one connection of one engine. Its address stays the same when the
// Database moves. Functions behave as Database documents. Thread: one at a time.
class DatabaseEngine {
 public:
  virtual ~DatabaseEngine() = default;

  virtual Status execute(const char* sql) = 0;
  virtual Result<std::unique_ptr<StatementEngine>> prepare(std::string_view sql) = 0;
  // False: a transaction is already open and the new one joins it (snapshots only).
  virtual Result<bool> begin(TransactionKind kind) = 0;
  virtual Status commit() = 0;
  virtual void rollback() = 0;

  virtual Result<bool> hasTable(std::string_view name) = 0;
  virtual Result<bool> changedElsewhere() = 0;
  virtual Status quickCheck() = 0;
  virtual void stopWhen(Database::MayGoOn mayGoOn) = 0;
  virtual Status goOn() = 0;
};

}  // namespace doorstep::sql
