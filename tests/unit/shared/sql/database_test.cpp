// SPDX-License-Identifier: Apache-2.0
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

TEST_CASE("what is bound comes back the same") {
  const support::TemporaryFolder folder;
  Database database = openWithTable(folder.file("a.db"));
  const std::string bytes("\x00\x01\xFF", 3);
  Statement write = database.prepare("INSERT INTO note VALUES (?, ?, ?, ?)").value();
  REQUIRE(write.bindId(0, 0xFFFF'FFFF'FFFF'FFFE)
              .bindText(1, "Tŷ")
              .bindBlob(2, bytes)
              .bindReal(3, 0.5)
              .run()
              .ok());
  REQUIRE(write.bind(0, std::int64_t{2}).bindText(1, {}).bindNull(2).bindNull(3).run().ok());
  Statement read = database.prepare("SELECT id, text, bytes, weight FROM note ORDER BY id").value();
  REQUIRE(read.step().value());
  CHECK(read.columnId(0) == 0xFFFF'FFFF'FFFF'FFFE);
  CHECK(read.columnText(1) == "Tŷ");
  CHECK(read.columnBlob(2) == bytes);
  CHECK(read.columnReal(3) == 0.5);
  REQUIRE(read.step().value());
  CHECK(read.columnText(1).empty());
  CHECK(read.columnIsNull(2));
  CHECK_FALSE(read.step().value());
}

TEST_CASE("a transaction that is left without a commit leaves nothing") {
  const support::TemporaryFolder folder;
  Database database = openWithTable(folder.file("a.db"));
  {
    const auto transaction = Transaction::begin(database);
    REQUIRE(transaction.ok());
    insert(database, 1);
  }
  CHECK(rowsOf(database) == 0);
  {
    auto transaction = Transaction::begin(database);
    insert(database, 1);
    REQUIRE(transaction->commit().ok());
  }
  CHECK(rowsOf(database) == 1);
}

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

TEST_CASE("a reader beside the writer sees the last commit and cannot write") {
  const support::TemporaryFolder folder;
  Database writer = openWithTable(folder.file("a.db"));
  Database reader = openSqlite(folder.file("a.db"), {true, "", false}).value();
  auto transaction = Transaction::begin(writer);
  insert(writer, 1);
  CHECK(rowsOf(reader) == 0);
  REQUIRE(transaction->commit().ok());
  CHECK(rowsOf(reader) == 1);
  CHECK(reader.execute("DELETE FROM note").error().code == ErrorCode::PermissionDenied);
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

TEST_CASE("a file whose schema lacks what a statement needs is an error and not the end") {
  const support::TemporaryFolder folder;
  Database database = openWithTable(folder.file("a.db"));
  CHECK(database.prepare("SELECT gone FROM note").error().reason == "SCHEMA_DAMAGED");
  CHECK(database.prepare("SELECT id FROM nowhere").error().code == ErrorCode::DataLoss);
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

TEST_CASE("text with a zero byte is refused and the next statement is fine") {
  const support::TemporaryFolder folder;
  Database database = openWithTable(folder.file("a.db"));
  Statement write = database.prepare("INSERT INTO note (id, text) VALUES (?, ?)").value();
  const std::string_view torn("a\0b", 3);
  const Status refused = write.bindId(0, 1).bindText(1, torn).run();
  CHECK(refused.error().code == ErrorCode::InvalidArgument);
  CHECK(refused.error().reason == "TEXT_WITH_NUL");
  CHECK(write.bindId(0, 1).bindText(1, "whole").run().ok());
  CHECK(rowsOf(database) == 1);
  Statement find = database.prepare("SELECT id FROM note WHERE text = ?").value();
  CHECK(find.bindText(0, torn).step().error().reason == "TEXT_WITH_NUL");
  find.reset();
  CHECK(find.bindText(0, "whole").step().value());
}

TEST_CASE("a snapshot sees one state, and inside a transaction it is a part of that one") {
  const support::TemporaryFolder folder;
  Database writer = openWithTable(folder.file("a.db"));
  Database reader = openSqlite(folder.file("a.db"), {.readOnly = true}).value();
  {
    auto snapshot = Transaction::begin(reader, TransactionKind::Snapshot);
    CHECK(rowsOf(reader) == 0);
    insert(writer, 1);
    CHECK(rowsOf(reader) == 0);
    REQUIRE(Transaction::begin(reader, TransactionKind::Snapshot)->commit().ok());
    CHECK(rowsOf(reader) == 0);
    REQUIRE(snapshot->commit().ok());
  }
  CHECK(rowsOf(reader) == 1);
  auto transaction = Transaction::begin(writer);
  insert(writer, 2);
  REQUIRE(Transaction::begin(writer, TransactionKind::Snapshot)->commit().ok());
  { const auto left = Transaction::begin(writer, TransactionKind::Snapshot); }
  CHECK(rowsOf(writer) == 2);
  REQUIRE(transaction->commit().ok());
  CHECK(rowsOf(reader) == 2);
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
