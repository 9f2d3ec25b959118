// SPDX-License-Identifier: Apache-2.0
// The contract of sql::Database as code, on the engine that the run is for.
#include <catch2/catch.hpp>
#include <limits>
#include <optional>

#include "shared/sql/migrator.h"
#include "tests/support/test_database.h"

namespace doorstep::sql {
namespace {

Database openWithTable(const support::TestDatabase& place) {
  Database database = place.connection();
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

// A text may be looked at when it is prepared or when it is stepped.
Error errorOf(Database& database, const char* text) {
  auto statement = database.prepare(text);
  if (!statement.ok())
    return statement.error();
  const auto stepped = statement->step();
  REQUIRE_FALSE(stepped.ok());
  return stepped.error();
}

TEST_CASE("what is bound comes back the same") {
  const support::TestDatabase place;
  Database database = openWithTable(place);
  const std::string bytes("\x00\x01\xFF", 3);
  Statement write = database.prepare("INSERT INTO note VALUES (?, ?, ?, ?)").value();
  REQUIRE(write.bindId(0, 0xFFFF'FFFF'FFFF'FFFE)
              .bindText(1, "Tŷ")
              .bindBlob(2, bytes)
              .bindReal(3, 0.5)
              .run()
              .ok());
  REQUIRE(write.bind(0, std::int64_t{2}).bindText(1, {}).bindNull(2).bindNull(3).run().ok());
  REQUIRE(write.bind(0, std::numeric_limits<std::int64_t>::max())
              .bindText(1, "x")
              .bindBlob(2, {})
              .bindReal(3, -1e300)
              .run()
              .ok());
  Statement read = database.prepare("SELECT id, text, bytes, weight FROM note ORDER BY id").value();
  REQUIRE(read.step().value());
  CHECK(read.columnId(0) == 0xFFFF'FFFF'FFFF'FFFE);
  CHECK(read.columnText(1) == "Tŷ");
  CHECK(read.columnBlob(2) == bytes);
  CHECK(read.columnReal(3) == 0.5);
  REQUIRE(read.step().value());
  CHECK(read.columnText(1).empty());
  CHECK_FALSE(read.columnIsNull(1));
  CHECK(read.columnIsNull(2));
  CHECK(read.columnIsNull(3));
  CHECK(read.columnBlob(2).empty());
  CHECK(read.columnReal(3) == 0);
  REQUIRE(read.step().value());
  CHECK(read.columnInt(0) == std::numeric_limits<std::int64_t>::max());
  CHECK_FALSE(read.columnIsNull(2));
  CHECK(read.columnReal(3) == -1e300);
  CHECK_FALSE(read.step().value());
}

TEST_CASE("a statement is bound and stepped again after a reset, with other types too") {
  const support::TestDatabase place;
  Database database = openWithTable(place);
  insert(database, 5);
  Statement find = database.prepare("SELECT id FROM note WHERE ?1 = 0 OR id = ?1").value();
  for (const std::int64_t id : {5, 4, 0}) {
    find.bind(0, id);
    CHECK(find.step().value() == (id != 4));
    find.reset();
  }
  Statement write =
      database.prepare("INSERT INTO note (id, text, bytes) VALUES (?, '', ?)").value();
  REQUIRE(write.bind(0, 6).bindNull(1).run().ok());
  REQUIRE(write.bind(0, 7).bindBlob(1, "b").run().ok());
  REQUIRE(write.bind(0, 8).run().ok());  // what is not bound is NULL
  Statement nulls = database.prepare("SELECT count(*) FROM note WHERE bytes IS NULL").value();
  REQUIRE(nulls.step().value());
  CHECK(nulls.columnInt(0) == 3);
}

TEST_CASE("statements of one text know nothing of each other, at once or after another") {
  const support::TestDatabase place;
  Database database = openWithTable(place);
  for (const std::uint64_t id : {1, 2, 3})
    insert(database, id);
  for (int round = 0; round < 3; ++round) {
    constexpr const char* kText = "SELECT id FROM note WHERE id >= ? ORDER BY id";
    Statement all = database.prepare(kText).value();
    REQUIRE(all.bindId(0, 1).step().value());
    Statement some = database.prepare(kText).value();
    REQUIRE(some.bindId(0, 2).step().value());
    CHECK(some.columnInt(0) == 2);
    CHECK(all.columnInt(0) == 1);
    REQUIRE(all.step().value());
    CHECK(all.columnInt(0) == 2);
  }  // both are left before their last row
  for (const std::uint64_t id : {4, 5}) {
    Statement write =
        database.prepare("INSERT INTO note (id, text, bytes) VALUES (?, '', ?)").value();
    write.bindId(0, id);
    if (id == 4)
      write.bindBlob(1, "kept by this one");
    REQUIRE(write.run().ok());
  }
  Statement nulls = database.prepare("SELECT id FROM note WHERE bytes IS NULL AND id > 3").value();
  REQUIRE(nulls.step().value());
  CHECK(nulls.columnInt(0) == 5);
}

TEST_CASE("a statement that is left half read keeps no snapshot") {
  const support::TestDatabase place;
  Database database = openWithTable(place);
  insert(database, 1);
  insert(database, 2);
  {
    Statement all = database.prepare("SELECT id FROM note").value();
    REQUIRE(all.step().value());
  }
  Database other = place.connection();
  insert(other, 3);
  CHECK(rowsOf(database) == 3);
}

TEST_CASE("a statement may be gone after its database") {
  const support::TestDatabase place;
  std::optional<Database> database = openWithTable(place);
  Statement count = database->prepare("SELECT count(*) FROM note").value();
  REQUIRE(count.step().value());
  database.reset();
  Database again = place.connection();
  CHECK(rowsOf(again) == 0);
}

TEST_CASE("literals, counts and comparisons are numbers, and text is in the order of its bytes") {
  const support::TestDatabase place;
  Database database = openWithTable(place);
  Statement row = database.prepare("SELECT 1, -7, count(*), 1 = 1, 1 = 2 FROM note").value();
  REQUIRE(row.step().value());
  CHECK(row.columnInt(0) == 1);
  CHECK(row.columnInt(1) == -7);
  CHECK(row.columnInt(2) == 0);
  CHECK(row.columnInt(3) == 1);
  CHECK(row.columnInt(4) == 0);
  std::int64_t id = 0;
  Statement write = database.prepare("INSERT INTO note (id, text) VALUES (?, ?)").value();
  for (const char* text : {"é", "b", "B", "a", "_"})
    REQUIRE(write.bind(0, ++id).bindText(1, text).run().ok());
  Statement read = database.prepare("SELECT text FROM note ORDER BY text").value();
  for (const char* text : {"B", "_", "a", "b", "é"}) {
    REQUIRE(read.step().value());
    CHECK(read.columnText(0) == text);
  }
}

TEST_CASE("a transaction that is left without a commit leaves nothing") {
  const support::TestDatabase place;
  Database database = openWithTable(place);
  {
    const auto transaction = Transaction::begin(database);
    REQUIRE(transaction.ok());
    insert(database, 1);
    CHECK(rowsOf(database) == 1);
  }
  CHECK(rowsOf(database) == 0);
  {
    auto transaction = Transaction::begin(database);
    insert(database, 1);
    CHECK_FALSE(Transaction::begin(database).ok());
    REQUIRE(transaction->commit().ok());
  }
  CHECK(rowsOf(database) == 1);
}

TEST_CASE("a broken constraint is an error and the connection goes on") {
  const support::TestDatabase place;
  Database database = openWithTable(place);
  insert(database, 1);
  Statement again = database.prepare("INSERT INTO note (id, text) VALUES (1, '')").value();
  CHECK(again.run().error().code == ErrorCode::AlreadyExists);
  CHECK(again.run().error().code == ErrorCode::AlreadyExists);
  Statement lacks = database.prepare("INSERT INTO note (id) VALUES (2)").value();
  CHECK(lacks.run().error().code == ErrorCode::AlreadyExists);
  CHECK(rowsOf(database) == 1);
}

TEST_CASE("a reader beside the writer sees the last commit and cannot write") {
  const support::TestDatabase place;
  Database writer = openWithTable(place);
  Database reader = place.connection(true);
  auto transaction = Transaction::begin(writer);
  insert(writer, 1);
  CHECK(rowsOf(reader) == 0);
  REQUIRE(transaction->commit().ok());
  CHECK(rowsOf(reader) == 1);
  CHECK(reader.execute("DELETE FROM note").error().code == ErrorCode::PermissionDenied);
  CHECK(rowsOf(reader) == 1);
}

TEST_CASE("a schema that lacks what a statement needs is an error and not the end") {
  const support::TestDatabase place;
  Database database = openWithTable(place);
  CHECK(errorOf(database, "SELECT gone FROM note").reason == "SCHEMA_DAMAGED");
  CHECK(errorOf(database, "SELECT id FROM nowhere").code == ErrorCode::DataLoss);
  CHECK(rowsOf(database) == 0);
  CHECK(database.hasTable("note").value());
  CHECK_FALSE(database.hasTable("nowhere").value());
  CHECK(database.quickCheck().ok());
}

TEST_CASE("a value that cannot be bound makes the step fail and the next one is fine") {
  const support::TestDatabase place;
  Database database = openWithTable(place);
  Statement write = database.prepare("INSERT INTO note (id, text) VALUES (?, ?)").value();
  // Every engine refuses it by the length and reads none of it.
  const std::string_view tooLarge("x", 2'000'000'000);
  CHECK(write.bindId(0, 1).bindText(1, tooLarge).run().error().code ==
        ErrorCode::ResourceExhausted);
  CHECK(write.bindId(0, 1).bindText(1, "short").run().ok());
  CHECK(rowsOf(database) == 1);
}

TEST_CASE("text with a zero byte is refused and the next statement is fine") {
  const support::TestDatabase place;
  Database database = openWithTable(place);
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
  const support::TestDatabase place;
  Database writer = openWithTable(place);
  Database reader = place.connection(true);
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

TEST_CASE("what another connection commits is a change from elsewhere") {
  const support::TestDatabase place;
  Database one = openWithTable(place);
  Database other = place.connection();
  REQUIRE(one.changedElsewhere().ok());
  insert(other, 2);
  CHECK(one.changedElsewhere().value());
}

TEST_CASE("work that is stopped ends with the reason, and the connection goes on") {
  const support::TestDatabase place;
  Database database = openWithTable(place);
  int asked = 0;
  database.stopWhen([&]() -> Status {
    if (++asked < 3)
      return kDone;
    return Error{ErrorCode::DeadlineExceeded, "TOO_LONG", "three questions long"};
  });
  CHECK(errorOf(database,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                "SELECT count(*) FROM n")
            .reason == "TOO_LONG");
  CHECK(database.goOn().error().reason == "TOO_LONG");
  database.stopWhen(nullptr);
  CHECK(database.goOn().ok());
  CHECK(rowsOf(database) == 0);
}

constexpr Migration kFirst{1, "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT"};
constexpr Migration kSecond{
    2, "CREATE TABLE two (id INTEGER PRIMARY KEY) STRICT; INSERT INTO one VALUES (7)"};
constexpr Migration kBroken{
    2, "CREATE TABLE two (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (7)"};
constexpr Migration kRefused{2, "DROP TABLE one", "SELECT count(*) FROM one"};

TEST_CASE("each step of a schema is taken once, and modules have their own numbers") {
  const support::TestDatabase place;
  Database database = place.connection();
  REQUIRE(migrate(database, "journal", std::vector{kFirst}).ok());
  CHECK_FALSE(database.hasTable("two").value());
  REQUIRE(migrate(database, "journal", std::vector{kFirst, kSecond}).ok());
  REQUIRE(migrate(database, "journal", std::vector{kFirst, kSecond}).ok());
  CHECK(database.hasTable("two").value());
  REQUIRE(migrate(database, "roster",
                  std::vector{Migration{1, "CREATE TABLE person (id INTEGER) STRICT"}})
              .ok());
  CHECK(database.hasTable("person").value());
  CHECK(migrate(database, "journal", std::vector{kFirst}).error().reason == "SCHEMA_NEWER");
}

TEST_CASE("a step of a schema that fails leaves nothing of itself") {
  const support::TestDatabase place;
  Database database = place.connection();
  CHECK_FALSE(migrate(database, "journal", std::vector{kFirst, kBroken}).ok());
  CHECK(database.hasTable("one").value());
  CHECK_FALSE(database.hasTable("two").value());
  REQUIRE(database.execute("INSERT INTO one VALUES (1)").ok());
  CHECK(migrate(database, "journal", std::vector{kFirst, kRefused}).error().reason ==
        "SCHEMA_TOO_OLD");
  CHECK(migrate(database, "journal", std::vector{kFirst, kSecond}).ok());
}

}  // namespace
}  // namespace doorstep::sql
