// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "shared/sql/database.h"

namespace doorstep::sql {

// What lies behind a Statement. Its functions mean what those of Statement say. Thread: the
// connection's.
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

// Whether work on a connection may go on: what Database::stopWhen was given, and its answer once it
// said no. Thread: the connection's.
class Stopping {
 public:
  void set(Database::MayGoOn mayGoOn);
  // Asks now.
  bool ask();
  // As Database::goOn.
  Status goOn();
  bool isSet() const { return static_cast<bool>(mayGoOn_); }
  const Status& stopped() const { return stopped_; }

 private:
  Database::MayGoOn mayGoOn_;
  Status stopped_ = kDone;  // mayGoOn's error, once it said so
  unsigned asked_ = 0;
};

// What lies behind a Database: one connection of one engine. It stays where it is when the Database
// moves. Its functions mean what those of Database say. Thread: one at a time.
class DatabaseEngine {
 public:
  virtual ~DatabaseEngine() = default;

  virtual Status execute(const char* sql) = 0;
  virtual Result<std::unique_ptr<StatementEngine>> prepare(std::string_view sql) = 0;
  // False: a transaction is open already, and the new one is a part of it (snapshots only).
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
