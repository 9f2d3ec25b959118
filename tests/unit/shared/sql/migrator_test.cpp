// SPDX-License-Identifier: Apache-2.0
#include "shared/sql/migrator.h"

#include <catch2/catch.hpp>
#include <vector>

#include "shared/sql/sqlite.h"
#include "tests/support/temporary_folder.h"

using namespace doorstep;
using namespace doorstep::sql;

namespace {

constexpr Migration kFirst{1, "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT"};
constexpr Migration kSecond{
    2, "CREATE TABLE two (id INTEGER PRIMARY KEY) STRICT; INSERT INTO one VALUES (7)"};
constexpr Migration kBroken{
    2, "CREATE TABLE two (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (7)"};

bool exists(Database& database, std::string_view table) {
  Statement read = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").value();
  return read.bindText(0, table).step().value();
}

}  // namespace

TEST_CASE("each step is taken once, by a new file and by one that was left on the way") {
  const support::TemporaryFolder folder;
  Database database = openSqlite(folder.file("a.db")).value();
  REQUIRE(migrate(database, "journal", std::vector{kFirst}).ok());
  CHECK_FALSE(exists(database, "two"));
  REQUIRE(migrate(database, "journal", std::vector{kFirst, kSecond}).ok());
  REQUIRE(migrate(database, "journal", std::vector{kFirst, kSecond}).ok());
  CHECK(exists(database, "two"));
}

TEST_CASE("modules of one file have their own numbers") {
  const support::TemporaryFolder folder;
  Database database = openSqlite(folder.file("a.db")).value();
  REQUIRE(migrate(database, "journal", std::vector{kFirst}).ok());
  REQUIRE(migrate(database, "roster",
                  std::vector{Migration{1, "CREATE TABLE person (id INTEGER) STRICT"}})
              .ok());
  CHECK(exists(database, "person"));
}

TEST_CASE("a step that fails leaves nothing of itself") {
  const support::TemporaryFolder folder;
  Database database = openSqlite(folder.file("a.db")).value();
  CHECK_FALSE(migrate(database, "journal", std::vector{kFirst, kBroken}).ok());
  CHECK(exists(database, "one"));
  CHECK_FALSE(exists(database, "two"));
  CHECK(migrate(database, "journal", std::vector{kFirst, kSecond}).ok());
}

TEST_CASE("a file of a newer release is not touched") {
  const support::TemporaryFolder folder;
  Database database = openSqlite(folder.file("a.db")).value();
  REQUIRE(migrate(database, "journal", std::vector{kFirst, kSecond}).ok());
  CHECK(migrate(database, "journal", std::vector{kFirst}).error().reason == "SCHEMA_NEWER");
}
