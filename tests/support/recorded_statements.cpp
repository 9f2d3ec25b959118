// SPDX-License-Identifier: Apache-2.0
#include "tests/support/recorded_statements.h"

#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "shared/core/mutex.h"
#include "shared/sql/engine.h"

namespace doorstep::support {
namespace {

void write(const std::string& types, std::string text) {
  for (char& c : text)
    if (c == '\n')
      c = ' ';
  static Mutex mutex;
  static std::set<std::string> written;
  static std::ofstream file(std::getenv("DOORSTEP_TEST_STATEMENTS"));
  const MutexLock lock(mutex);
  const std::string line = types + '\t' + text;
  if (written.insert(line).second)
    file << line << std::endl;
}

class RecordedStatement final : public sql::StatementEngine {
 public:
  RecordedStatement(sql::Statement statement, std::string_view text)
      : statement_(std::move(statement)), text_(text) {}

  void bindInt(int index, std::int64_t value) override {
    note(index, 'i');
    statement_.bind(index, value);
  }
  void bindReal(int index, double value) override {
    note(index, 'r');
    statement_.bindReal(index, value);
  }
  void bindText(int index, std::string_view value) override {
    note(index, 't');
    statement_.bindText(index, value);
  }
  void bindBlob(int index, std::string_view value) override {
    note(index, 'b');
    statement_.bindBlob(index, value);
  }
  void bindNull(int index) override {
    note(index, 'n');
    statement_.bindNull(index);
  }

  Result<bool> step() override {
    write(types_, text_);
    return statement_.step();
  }
  Status run() override {
    write(types_, text_);
    return statement_.run();
  }
  void reset() override { statement_.reset(); }

  std::int64_t columnInt(int column) const override { return statement_.columnInt(column); }
  double columnReal(int column) const override { return statement_.columnReal(column); }
  std::string columnText(int column) const override { return statement_.columnText(column); }
  std::string columnBlob(int column) const override { return statement_.columnBlob(column); }
  bool columnIsNull(int column) const override { return statement_.columnIsNull(column); }

 private:
  void note(int index, char type) {
    const auto at = static_cast<std::size_t>(index);
    if (types_.size() <= at)
      types_.resize(at + 1, '?');
    types_[at] = type;
  }

  sql::Statement statement_;
  const std::string text_;
  std::string types_;
};

class RecordingDatabase final : public sql::DatabaseEngine {
 public:
  explicit RecordingDatabase(sql::Database database) : database_(std::move(database)) {}

  Status execute(const char* sql) override { return database_.execute(sql); }
  Result<std::unique_ptr<sql::StatementEngine>> prepare(std::string_view sql) override {
    DOORSTEP_ASSIGN(auto statement, database_.prepare(sql));
    return std::unique_ptr<sql::StatementEngine>(
        std::make_unique<RecordedStatement>(std::move(statement), sql));
  }
  Result<bool> begin(sql::TransactionKind kind) override {
    if (transaction_ && kind == sql::TransactionKind::Snapshot)
      return false;
    DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(database_, kind));
    transaction_.emplace(std::move(transaction));
    return true;
  }
  Status commit() override {
    DOORSTEP_TRY(transaction_->commit());
    transaction_.reset();
    return kDone;
  }
  void rollback() override { transaction_.reset(); }

  Result<bool> hasTable(std::string_view name) override { return database_.hasTable(name); }
  Result<bool> changedElsewhere() override { return database_.changedElsewhere(); }
  Status quickCheck() override { return database_.quickCheck(); }
  void stopWhen(sql::Database::MayGoOn mayGoOn) override { database_.stopWhen(std::move(mayGoOn)); }
  Status goOn() override { return database_.goOn(); }

 private:
  sql::Database database_;
  std::optional<sql::Transaction> transaction_;
};

}  // namespace

std::function<sql::Database(sql::Database)> statementRecorder() {
  if (std::getenv("DOORSTEP_TEST_STATEMENTS") == nullptr)
    return nullptr;
  return [](sql::Database database) {
    return sql::Database(std::make_unique<RecordingDatabase>(std::move(database)));
  };
}

}  // namespace doorstep::support
