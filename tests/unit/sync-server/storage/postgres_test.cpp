// SPDX-License-Identifier: Apache-2.0
// What only PostgreSQL does. What every engine does is in tests/conformance and in the tests of the
// stores.
#include "sync-server/storage/postgres/postgres.h"

#include <catch2/catch.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "shared/sql/migrator.h"
#include "sync-server/storage/postgres/limits.h"
#include "sync-server/storage/postgres/postgres_errors.h"
#include "tests/unit/sync-server/storage/note_table.h"

using namespace doorstep;
using namespace doorstep::storage;

TEST_CASE("errors mean what they mean to a store, and say no value") {
  CHECK(postgres::errorOfState("23505").code == ErrorCode::AlreadyExists);
  CHECK(postgres::errorOfState("40001").code == ErrorCode::Aborted);
  CHECK(postgres::errorOfState("40P01").reason == "PG_CONFLICT");
  CHECK(postgres::errorOfState("57P01").reason == "PG_CONNECTION");
  CHECK(postgres::errorOfState("57014").reason == "PG_TIMEOUT");
  CHECK(postgres::errorOfState("53100").code == ErrorCode::ResourceExhausted);
  CHECK(postgres::errorOfState("XX001").code == ErrorCode::DataLoss);
  CHECK(postgres::errorOfState("42P01").reason == "SCHEMA_DAMAGED");
  CHECK(postgres::errorOfState("22021").code == ErrorCode::InvalidArgument);
  CHECK(postgres::errorOfState("0A000").code == ErrorCode::Internal);
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = openWithTable(place);
  REQUIRE(insert(database, 7'654'321).ok());
  const Status twice = insert(database, 7'654'321);
  CHECK(twice.error().reason == "PG_CONSTRAINT");
  CHECK(twice.error().text == "a constraint refuses it (SQLSTATE 23505) note note_pkey");
}

TEST_CASE("an error of a write that was only queued comes with the next answer or the commit") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = openWithTable(place);
  REQUIRE(insert(database, 1).ok());
  {
    auto transaction = sql::Transaction::begin(database);
    CHECK(insert(database, 2).ok());
    CHECK(insert(database, 1).ok());  // queued
    CHECK(insert(database, 3).ok());
    CHECK(transaction->commit().error().code == ErrorCode::AlreadyExists);
  }
  CHECK(rowsOf(database) == 1);
  {
    auto transaction = sql::Transaction::begin(database);
    CHECK(insert(database, 1).ok());
    auto read = database.prepare("SELECT count(*) FROM note");
    CHECK(read->step().error().code == ErrorCode::AlreadyExists);
    // A transaction that failed and is committed all the same says so.
    CHECK(transaction->commit().error().code == ErrorCode::AlreadyExists);
  }
  REQUIRE(insert(database, 2).ok());
  CHECK(rowsOf(database) == 2);
}

TEST_CASE("more writes than are kept unread go through in one transaction") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = openWithTable(place);
  const auto many = static_cast<std::int64_t>(3 * postgres::kQueuedMax + 7);
  auto transaction = sql::Transaction::begin(database);
  for (std::int64_t id = 0; id < many; ++id)
    REQUIRE(insert(database, id).ok());
  CHECK(rowsOf(database) == many);  // sees its own
  REQUIRE(transaction->commit().ok());
  CHECK(rowsOf(database) == many);
}

TEST_CASE("more texts than are kept prepared are prepared again") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = openWithTable(place);
  auto first = database.prepare("SELECT 0");
  REQUIRE(first->step().value());
  for (std::size_t i = 1; i <= postgres::kPreparedMax + 1; ++i) {
    auto row = database.prepare("SELECT " + std::to_string(i));
    REQUIRE(row->step().value());
    REQUIRE(row->columnInt(0) == static_cast<std::int64_t>(i));
  }
  first->reset();
  REQUIRE(first->step().value());
  CHECK(numberOf(database, "SELECT count(*) FROM pg_prepared_statements") <= 10);
}

TEST_CASE("servers that start together take each step of the schema once") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  const std::vector<sql::Migration> steps{
      {1, "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT"},
      {2, "ALTER TABLE one ADD COLUMN two BLOB; INSERT INTO one (id) VALUES (7)"},
      {3, "CREATE TABLE three (id INTEGER PRIMARY KEY) STRICT, WITHOUT ROWID"}};
  std::vector<std::optional<Status>> done(8);
  std::vector<std::thread> threads;
  for (auto& status : done)
    threads.emplace_back([&] {
      sql::Database database = place.connection();
      status = sql::migrate(database, "module", steps);
    });
  for (auto& thread : threads)
    thread.join();
  for (const auto& status : done)
    CHECK((status->ok() ? "ok" : status->error().reason + status->error().text) == "ok");
  sql::Database database = place.connection();
  CHECK(numberOf(database, "SELECT count(*) FROM one") == 1);
}

TEST_CASE("rows that are more than may lie in memory are refused, and the connection goes on") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = postgres::open(place.postgres(), {.resultBytesMax = 100'000}).value();
  makeTable(database);
  auto many = database.prepare("SELECT repeat('x', 1000) FROM generate_series(1, CAST(? AS int))");
  many->bind(0, std::int64_t{50});
  CHECK(many->step().value());
  many->reset();
  many->bind(0, std::int64_t{1'000'000});
  const auto refused = many->step();
  CHECK(refused.error().code == ErrorCode::ResourceExhausted);
  CHECK(refused.error().text == "a statement's rows are more than 100000 bytes");
  auto transaction = sql::Transaction::begin(database);
  REQUIRE(insert(database, 1).ok());
  many->reset();
  many->bind(0, std::int64_t{1'000'000});
  CHECK_FALSE(many->step().ok());
  CHECK(transaction->commit().error().reason == "PG_TOOBIG");
  CHECK(rowsOf(database) == 0);
}

TEST_CASE("a column of a type that no store reads is a damaged schema and not the end") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = place.connection();
  for (const char* text : {"SELECT 0.5", "SELECT now()", "SELECT CAST('{}' AS json), 1"}) {
    auto row = database.prepare(text);
    CHECK(row->step().error().reason == "SCHEMA_DAMAGED");
  }
  auto row = database.prepare("SELECT 'seven', CAST(7 AS smallint), CAST(-7.9 AS float8), true");
  REQUIRE(row->step().value());
  CHECK(row->columnInt(0) == 0);
  CHECK(row->columnReal(0) == 0);
  CHECK(row->columnInt(1) == 7);
  CHECK(row->columnInt(2) == -7);
  CHECK(row->columnReal(2) == -7.9);
  CHECK(row->columnInt(3) == 1);
}

TEST_CASE("what was prepared before the schema changed, or was dropped, is prepared again") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = openWithTable(place);
  sql::Database other = place.connection();
  auto read = database.prepare("SELECT * FROM note");
  REQUIRE_FALSE(read->step().value());
  REQUIRE(other.execute("ALTER TABLE note ADD COLUMN more INTEGER").ok());
  read->reset();
  const auto stale = read->step();
  CHECK(stale.error().code == ErrorCode::Aborted);
  read->reset();
  CHECK_FALSE(read->step().value());
  REQUIRE(database.execute("DEALLOCATE ALL").ok());
  read->reset();
  CHECK(read->step().error().code == ErrorCode::Aborted);
  read->reset();
  CHECK_FALSE(read->step().value());
}

TEST_CASE("a text that is not UTF-8 is refused before PostgreSQL ends the transaction for it") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = openWithTable(place);
  auto transaction = sql::Transaction::begin(database);
  auto write = database.prepare("INSERT INTO note (id, text) VALUES (?, ?)");
  for (const char* torn : {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\x80"}) {
    const Status refused = write->bind(0, std::int64_t{1}).bindText(1, torn).run();
    CHECK(refused.error().reason == "TEXT_NOT_UTF8");
    CHECK(refused.error().code == ErrorCode::InvalidArgument);
  }
  REQUIRE(write->bind(0, std::int64_t{1}).bindText(1, "Tŷ").run().ok());
  REQUIRE(transaction->commit().ok());
  CHECK(rowsOf(database) == 1);
}

TEST_CASE("a connection whose question was stopped is asked nothing more until it is lent again") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = openWithTable(place);
  database.stopWhen([]() -> Status { return Error{ErrorCode::Cancelled, "GONE", "nobody waits"}; });
  auto slow = database.prepare("SELECT CAST(pg_sleep(20) AS text)");
  CHECK(slow->step().error().reason == "GONE");
  auto next = database.prepare("SELECT 1");
  CHECK(next->step().error().reason == "GONE");
  database.stopWhen(nullptr);
  next->reset();
  CHECK(next->step().value());
}
