// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "shared/sql/engine.h"

namespace doorstep::support {

// Statements and connections that forward to others; base of tests that observe statements or
// answer some themselves (storage::StorageOptions::over).
class PassingStatement : public sql::StatementEngine {
 public:
  explicit PassingStatement(sql::Statement under) : under_(std::move(under)) {}

  void bindInt(int index, std::int64_t value) override { under_.bind(index, value); }
  void bindReal(int index, double value) override { under_.bindReal(index, value); }
  void bindText(int index, std::string_view value) override { under_.bindText(index, value); }
  void bindBlob(int index, std::string_view value) override { under_.bindBlob(index, value); }
  void bindNull(int index) override { under_.bindNull(index); }
  Result<bool> step() override { return under_.step(); }
  Status run() override { return under_.run(); }
  void reset() override { under_.reset(); }
  std::int64_t columnInt(int column) const override { return under_.columnInt(column); }
  double columnReal(int column) const override { return under_.columnReal(column); }
  std::string columnText(int column) const override { return under_.columnText(column); }
  std::string columnBlob(int column) const override { return under_.columnBlob(column); }
  bool columnIsNull(int column) const override { return under_.columnIsNull(column); }

 private:
  sql::Statement under_;
};

class PassingDatabase : public sql::DatabaseEngine {
 public:
  explicit PassingDatabase(sql::Database under) : under_(std::move(under)) {}

  Status execute(const char* sql) override { return under_.execute(sql); }
  Result<std::unique_ptr<sql::StatementEngine>> prepare(std::string_view sql) override {
    DOORSTEP_ASSIGN(auto statement, under_.prepare(sql));
    return std::unique_ptr<sql::StatementEngine>(
        std::make_unique<PassingStatement>(std::move(statement)));
  }
  Result<bool> begin(sql::TransactionKind kind) override {
    if (transaction_ && kind == sql::TransactionKind::Snapshot)
      return false;
    DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(under_, kind));
    transaction_.emplace(std::move(transaction));
    return true;
  }
  Status commit() override {
    DOORSTEP_TRY(transaction_->commit());
    transaction_.reset();
    return kDone;
  }
  void rollback() override { transaction_.reset(); }
  Result<bool> hasTable(std::string_view name) override { return under_.hasTable(name); }
  Result<bool> changedElsewhere() override { return under_.changedElsewhere(); }
  Status quickCheck() override { return under_.quickCheck(); }
  void stopWhen(sql::Database::MayGoOn mayGoOn) override { under_.stopWhen(std::move(mayGoOn)); }
  Status goOn() override { return under_.goOn(); }

 protected:
  sql::Database& under() { return under_; }

 private:
  sql::Database under_;
  std::optional<sql::Transaction> transaction_;
};

}  // namespace doorstep::support
