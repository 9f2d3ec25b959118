// SPDX-License-Identifier: Apache-2.0
// What only SQLite does. What every engine does is in tests/conformance/database_conformance.cpp.
#include "shared/sql/sqlite.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/temporary_folder.h"

using namespace doorstep;
using namespace doorstep::sql;

namespace {

Database openWithTable(const std::string& path, const SqliteOptions& options = {}) {
  Database database = openSqlite(path, options).value();
  REQUIRE(
      database
          .execute("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, "
                   "bytes BLOB, weight REAL) STRICT")
          .ok());
  return database;
}

std::int64_t rowsOf(Database& database) {
  Statement count = database.prepare("SELECT count(*) FROM note").value();
  REQUIRE(count.step().value());
  return count.columnInt(0);
}

void insert(Database& database, std::uint64_t id) {
  Statement write = database.prepare("INSERT INTO note (id, text) VALUES (?, '')").value();
  REQUIRE(write.bindId(0, id).run().ok());
}

}  // namespace

TEST_CASE("a broken constraint is an error that names SQLite's code") {
  const support::TemporaryFolder folder;
  Database database = openWithTable(folder.file("a.db"));
  insert(database, 1);
  Statement again = database.prepare("INSERT INTO note (id, text) VALUES (1, '')").value();
  const Status broken = again.run();
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.error().code == ErrorCode::AlreadyExists);
  CHECK(broken.error().reason == "SQLITE_CONSTRAINT");
  CHECK(again.run().error().reason == "SQLITE_CONSTRAINT");
}

TEST_CASE("every connection commits durably") {
  const support::TemporaryFolder folder;
  for (const bool exclusive : {false, true}) {
    Database database = openWithTable(folder.file("a.db"), {false, "", exclusive});
    Statement mode = database.prepare("PRAGMA journal_mode").value();
    REQUIRE(mode.step().value());
    CHECK(mode.columnText(0) == "wal");
    Statement synchronous = database.prepare("PRAGMA synchronous").value();
    REQUIRE(synchronous.step().value());
    CHECK(synchronous.columnInt(0) == 2);  // FULL
  }
}

TEST_CASE("a file that is no database or is not there is an error and not the end") {
  const support::TemporaryFolder folder;
  std::ofstream(folder.file("a.db")) << std::string(4096, 'x');
  CHECK(openSqlite(folder.file("a.db")).error().reason == "SQLITE_NOTADB");
  CHECK(openSqlite(folder.file("none/a.db")).error().code == ErrorCode::NotFound);
  CHECK(openSqlite(folder.file("b.db"), {true, "", false}).error().code == ErrorCode::NotFound);
}

TEST_CASE("a damaged page is found by the check") {
  const support::TemporaryFolder folder;
  const std::string path = folder.file("a.db");
  {
    Database database = openWithTable(path);
    for (std::uint64_t id = 1; id <= 2000; ++id)
      insert(database, id);
    REQUIRE(database.quickCheck().ok());
    REQUIRE(database.execute("PRAGMA wal_checkpoint(TRUNCATE)").ok());
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(3 * 4096);
    file << std::string(4096, 'x');
  }
  Database database = openSqlite(path).value();
  CHECK_FALSE(database.quickCheck().ok());
}

TEST_CASE("a value that cannot be bound makes the step fail and the next one is fine") {
  const support::TemporaryFolder folder;
  Database database = openWithTable(folder.file("a.db"));
  Statement write = database.prepare("INSERT INTO note (id, text) VALUES (?, ?)").value();
  // SQLite takes at most 1,000,000,000 bytes. It refuses by the length and reads none of them.
  const std::string_view tooLarge("x", 2'000'000'000);
  CHECK(write.bindId(0, 1).bindText(1, tooLarge).run().error().reason == "SQLITE_TOOBIG");
  CHECK(write.bindId(0, 1).bindText(1, "short").run().ok());
  CHECK(rowsOf(database) == 1);
}

TEST_CASE("what another connection commits is a change from elsewhere, once") {
  const support::TemporaryFolder folder;
  Database one = openWithTable(folder.file("a.db"));
  Database other = openWithTable(folder.file("a.db"));
  CHECK_FALSE(one.changedElsewhere().value());
  insert(one, 1);
  CHECK_FALSE(one.changedElsewhere().value());
  insert(other, 2);
  CHECK(one.changedElsewhere().value());
  CHECK_FALSE(one.changedElsewhere().value());
}
