// SPDX-License-Identifier: Apache-2.0
#include "tests/support/recorded_statements.h"

#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <utility>

#include "shared/core/mutex.h"
#include "tests/support/disk/passing_database.h"

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

class RecordedStatement final : public PassingStatement {
 public:
  RecordedStatement(sql::Statement statement, std::string_view text)
      : PassingStatement(std::move(statement)), text_(text) {}

  void bindInt(int index, std::int64_t value) override {
    note(index, 'i');
    PassingStatement::bindInt(index, value);
  }
  void bindReal(int index, double value) override {
    note(index, 'r');
    PassingStatement::bindReal(index, value);
  }
  void bindText(int index, std::string_view value) override {
    note(index, 't');
    PassingStatement::bindText(index, value);
  }
  void bindBlob(int index, std::string_view value) override {
    note(index, 'b');
    PassingStatement::bindBlob(index, value);
  }
  void bindNull(int index) override {
    note(index, 'n');
    PassingStatement::bindNull(index);
  }
  Result<bool> step() override {
    write(types_, text_);
    return PassingStatement::step();
  }
  Status run() override {
    write(types_, text_);
    return PassingStatement::run();
  }

 private:
  void note(int index, char type) {
    const auto at = static_cast<std::size_t>(index);
    if (types_.size() <= at)
      types_.resize(at + 1, '?');
    types_[at] = type;
  }

  const std::string text_;
  std::string types_;
};

class RecordingDatabase final : public PassingDatabase {
 public:
  using PassingDatabase::PassingDatabase;

  Result<std::unique_ptr<sql::StatementEngine>> prepare(std::string_view sql) override {
    DOORSTEP_ASSIGN(auto statement, under().prepare(sql));
    return std::unique_ptr<sql::StatementEngine>(
        std::make_unique<RecordedStatement>(std::move(statement), sql));
  }
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
