// SPDX-License-Identifier: Apache-2.0
// When a commit on PostgreSQL is one, and what is left of a connection or transaction that failed.
#include <catch2/catch.hpp>
#include <optional>
#include <thread>

#include "sync-server/storage/postgres/postgres.h"
#include "tests/unit/sync-server/storage/note_table.h"

using namespace doorstep;
using namespace doorstep::storage;

namespace {

// Ends the other's backend, as a restart of the server does.
void terminate(sql::Database& database, std::int64_t backend) {
  auto kill = database.prepare("SELECT pg_terminate_backend(CAST(? AS int), 5000)");
  REQUIRE(kill.ok());
  REQUIRE(kill->bind(0, backend).step().value());
}

}  // namespace

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

TEST_CASE("a connection that was ended while nobody used it costs nobody an error") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = openWithTable(place);
  sql::Database other = place.connection();
  terminate(other, numberOf(database, "SELECT pg_backend_pid()"));
  CHECK(insert(database, 1).ok());
  terminate(other, numberOf(database, "SELECT pg_backend_pid()"));
  auto transaction = sql::Transaction::begin(database);
  CHECK(insert(database, 2).ok());
  CHECK(transaction->commit().ok());
  CHECK(rowsOf(database) == 2);
}

TEST_CASE("a commit that failed leaves no warning to the next statement") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database one = openWithTable(place);
  sql::Database other = place.connection();
  {
    auto first = sql::Transaction::begin(one);
    auto second = sql::Transaction::begin(other);
    REQUIRE(insert(one, rowsOf(one) + 1).ok());
    REQUIRE(insert(other, rowsOf(other) + 2).ok());
    REQUIRE(second->commit().ok());
    CHECK(first->commit().error().reason == "PG_CONFLICT");
  }
  CHECK(insert(one, 3).ok());
  CHECK(rowsOf(one) == 2);
}

TEST_CASE("writes that wait for a lock are not taken for a commit that is silent") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = postgres::open(place.postgres(), {.commitWaitMs = 300}).value();
  sql::Database other = openWithTable(place);
  REQUIRE(insert(other, 1).ok());
  std::optional<sql::Transaction> holding = sql::Transaction::begin(other).value();
  REQUIRE(insert(other, 2).ok());
  REQUIRE(rowsOf(other) == 2);
  bool waited = false;
  std::thread release([&] {
    auto wait = other.prepare("SELECT CAST(pg_sleep(1) AS text)");
    waited = wait->step().ok();
    holding.reset();  // rolls back
  });
  {
    auto transaction = sql::Transaction::begin(database);
    REQUIRE(insert(database, 2).ok());  // waits for what becomes of the other 2
    const Status committed = transaction->commit();
    CHECK((committed.ok() ? "ok" : committed.error().text) == "ok");
  }
  release.join();
  CHECK(waited);
  CHECK(rowsOf(database) == 2);
}

TEST_CASE("many large writes go through in parts, each with its end, and fail as one") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = openWithTable(place);
  const std::string large(20'000, 'x');
  const auto writeAll = [&](std::int64_t last) -> Status {
    DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(database));
    DOORSTEP_ASSIGN(auto write, database.prepare("INSERT INTO note (id, text) VALUES (?, ?)"));
    for (std::int64_t id = 0; id < 300; ++id)
      DOORSTEP_TRY(write.bind(0, id == 299 ? last : id).bindText(1, large).run());
    return transaction.commit();
  };
  CHECK(writeAll(0).error().code == ErrorCode::AlreadyExists);
  CHECK(rowsOf(database) == 0);
  CHECK(writeAll(299).ok());
  CHECK(rowsOf(database) == 300);
}
