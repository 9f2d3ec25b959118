// SPDX-License-Identifier: Apache-2.0
// What only PostgreSQL does. What every engine does is in database_test.cpp of shared/sql's tests
// and in the tests of the stores.
#include "sync-server/storage/postgres/postgres.h"

#include <catch2/catch.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "shared/sql/migrator.h"
#include "sync-server/storage/postgres/limits.h"
#include "sync-server/storage/postgres/postgres_errors.h"
#include "tests/support/test_database.h"

using namespace doorstep;

namespace {

sql::Database openWithTable(const support::TestDatabase& place) {
  sql::Database database = place.connection();
  REQUIRE(database
              .execute("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, "
                       "text TEXT NOT NULL) STRICT")
              .ok());
  return database;
}

Status insert(sql::Database& database, std::int64_t id) {
  DOORSTEP_ASSIGN(auto row, database.prepare("INSERT INTO note (id, text) VALUES (?, 'x')"));
  return row.bind(0, id).run();
}

std::int64_t numberOf(sql::Database& database, const char* question) {
  auto row = database.prepare(question);
  REQUIRE(row.ok());
  REQUIRE(row->step().value());
  return row->columnInt(0);
}

std::int64_t rowsOf(sql::Database& database) {
  return numberOf(database, "SELECT count(*) FROM note");
}

// Ends the other's backend, as a restart of the server does.
void terminate(sql::Database& database, std::int64_t backend) {
  auto kill = database.prepare("SELECT pg_terminate_backend(CAST(? AS int), 5000)");
  REQUIRE(kill.ok());
  REQUIRE(kill->bind(0, backend).step().value());
}

}  // namespace

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
  CHECK(twice.error().text == "SQLSTATE 23505 note note_pkey");
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

TEST_CASE("two that change what the other has read cannot both commit") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database one = openWithTable(place);
  sql::Database other = place.connection();
  auto first = sql::Transaction::begin(one);
  auto second = sql::Transaction::begin(other);
  REQUIRE(insert(one, rowsOf(one) + 1).ok());
  REQUIRE(insert(other, rowsOf(other) + 2).ok());
  const Status a = first->commit();
  const Status b = second->commit();
  CHECK(a.ok() != b.ok());
  CHECK((a.ok() ? b : a).error().code == ErrorCode::Aborted);
}

TEST_CASE("a job that another one was in the way of is run again") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  auto storage = storage::Storage::open(place.storage(false)).value();
  sql::Database other = openWithTable(place);
  int runs = 0;
  const Status done = storage->write([&](sql::Database& database) -> Status {
    const std::int64_t next = rowsOf(database) + 1;
    if (++runs == 1) {  // a replica that was faster
      auto faster = sql::Transaction::begin(other);
      DOORSTEP_TRY(insert(other, rowsOf(other) + 1));
      DOORSTEP_TRY(faster->commit());
    }
    return insert(database, next);
  });
  CHECK(done.ok());
  CHECK(runs == 2);
  CHECK(rowsOf(other) == 2);
}

TEST_CASE("a connection that was lost ends its transaction and is there for the next") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = openWithTable(place);
  sql::Database other = place.connection();
  auto kept = database.prepare("INSERT INTO note (id, text) VALUES (?, 'y')");
  REQUIRE(kept->bind(0, std::int64_t{1}).run().ok());
  {
    auto transaction = sql::Transaction::begin(database);
    REQUIRE(kept->bind(0, std::int64_t{2}).run().ok());
    terminate(other, numberOf(database, "SELECT pg_backend_pid()"));
    CHECK(kept->bind(0, std::int64_t{3}).run().ok());  // queued
    auto read = database.prepare("SELECT count(*) FROM note");
    CHECK(read->step().error().reason == "PG_CONNECTION");
    CHECK(insert(database, 4).error().reason == "PG_CONNECTION");
    const Status lost = transaction->commit();
    CHECK(lost.error().code == ErrorCode::Unavailable);
    CHECK(lost.error().reason == "PG_CONNECTION");
  }
  REQUIRE(kept->bind(0, std::int64_t{5}).run().ok());
  CHECK(rowsOf(database) == 2);
}

// What happens at COMMIT itself.
void atCommit(sql::Database& database, const std::string& what) {
  const std::string text =
      "CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + what +
      " RETURN NULL; END $$; CREATE CONSTRAINT TRIGGER late AFTER INSERT ON note "
      "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_commit()";
  REQUIRE(database.execute(text.c_str()).ok());
}

TEST_CASE("a commit that comes back with a warning is no acknowledgement") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = openWithTable(place);
  atCommit(database, "RAISE WARNING 'canceling wait for synchronous replication';");
  {
    auto transaction = sql::Transaction::begin(database);
    REQUIRE(insert(database, 1).ok());
    const Status committed = transaction->commit();
    CHECK(committed.error().reason == "NOT_REPLICATED");
    CHECK(committed.error().code == ErrorCode::Unavailable);
  }
  CHECK(insert(database, 2).error().reason == "NOT_REPLICATED");  // its own transaction
  CHECK(database.execute("INSERT INTO note VALUES (3, '')").error().reason == "NOT_REPLICATED");
  CHECK(rowsOf(database) == 3);  // and so it may be there
}

TEST_CASE("a commit that is not answered is given up, and nothing hangs on it") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  auto opened = postgres::open(place.postgres(), {.commitWaitMs = 200});
  REQUIRE(opened.ok());
  sql::Database& database = *opened;
  sql::Database other = openWithTable(place);
  atCommit(other, "PERFORM pg_sleep(2);");
  {
    auto transaction = sql::Transaction::begin(database);
    REQUIRE(insert(database, 1).ok());
    const Status committed = transaction->commit();
    CHECK(committed.error().reason == "PG_CONNECTION");
    CHECK(committed.error().code == ErrorCode::Unavailable);
  }
  CHECK(rowsOf(database) <= 1);
}

TEST_CASE("a database that would order text otherwise is refused") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  CHECK(postgres::open("host=127.0.0.1 port=1 user=x").error().reason == "PG_CONNECTION");
  CHECK(postgres::open(place.postgres() + " options='-c synchronous_commit=off'").error().reason ==
        "PG_UNSUITABLE");
  sql::Database database = place.connection();
  REQUIRE(database
              .execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' "
                       "LOCALE 'C'")
              .ok());
  CHECK(postgres::open(place.postgres() + " dbname=latin").error().reason == "PG_UNSUITABLE");
  REQUIRE(database.execute("DROP DATABASE latin").ok());
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
