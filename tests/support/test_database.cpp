// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_database.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "shared/core/check.h"
#include "shared/sql/sqlite.h"
#include "sync-server/storage/postgres/postgres.h"
#include "tests/support/recorded_statements.h"

namespace doorstep::support {
namespace {

const char* cluster() { return std::getenv("DOORSTEP_TEST_POSTGRES"); }

sql::Database opened(const std::string& where, const postgres::PostgresOptions& options = {}) {
  auto database = postgres::open(where, options);
  DOORSTEP_CHECK(database.ok());
  return std::move(database).value();
}

// The program's own database, which goes with the cluster: to drop one takes longer than a test.
const std::string& programsDatabase() {
  static const std::string where = [] {
    const std::string name = fmt::format("test_{}", ::getpid());
    sql::Database any = opened(fmt::format("{} dbname=postgres", cluster()));
    const std::string make =
        fmt::format("CREATE DATABASE {} TEMPLATE template0 STRATEGY wal_log", name);
    DOORSTEP_CHECK(any.execute(make.c_str()).ok());
    return fmt::format("{} dbname={}", cluster(), name);
  }();
  return where;
}

void administer(const std::string& text) {
  static sql::Database database = opened(programsDatabase());
  // A test that killed the server has cost this connection too; the second time it is a new one.
  DOORSTEP_CHECK(database.execute(text.c_str()).ok() || database.execute(text.c_str()).ok());
}

}  // namespace

bool TestDatabase::onPostgres() { return cluster() != nullptr; }

TestDatabase::TestDatabase() {
  if (!onPostgres())
    return;
  static std::atomic<int> made = 0;
  name_ = fmt::format("t{}", ++made);
  administer(fmt::format("CREATE SCHEMA {}", name_));
  postgres_ = fmt::format("{} options='-c search_path={}'", programsDatabase(), name_);
}

TestDatabase::~TestDatabase() {
  if (!name_.empty())
    administer(fmt::format("DROP SCHEMA {} CASCADE", name_));
}

storage::StorageOptions TestDatabase::storage(bool singleThreaded) const {
  return {.path = folder_.file("test.db"),
          .postgres = postgres_,
          .singleThreaded = singleThreaded,
          .over = statementRecorder()};
}

sql::Database TestDatabase::connection(bool readOnly) const {
  if (!postgres_.empty())
    return opened(postgres_, {.readOnly = readOnly});
  auto file = sql::openSqlite(folder_.file("test.db"), {.readOnly = readOnly});
  DOORSTEP_CHECK(file.ok());
  return std::move(file).value();
}

}  // namespace doorstep::support
