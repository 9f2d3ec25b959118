// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL that ends in the middle of a commit. It has a cluster of its own, which it kills.
#include <signal.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <future>

#include "shared/core/check.h"
#include "sync-server/storage/postgres/postgres.h"
#include "sync-server/storage/storage.h"
#include "tests/unit/sync-server/storage/note_table.h"

using namespace doorstep;
using namespace doorstep::storage;

namespace {

// As soon as the server takes connections again.
sql::Database openedAgain(const support::TestDatabase& place) {
  for (int tries = 0; tries < 100'000; ++tries) {
    auto opened = postgres::open(place.postgres());
    if (opened.ok())
      return std::move(opened).value();
    REQUIRE(opened.error().reason == "PG_CONNECTION");
  }
  FAIL("the server does not come back");
  std::abort();
}

// True once a backend sleeps in the trigger of a COMMIT.
bool commitSleeps(sql::Database& database) {
  return numberOf(database, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") !=
         0;
}

// The end of a commit in whose middle `strike` came.
Status commitStruck(const support::TestDatabase& place, const std::function<void()>& strike) {
  sql::Database watcher = place.connection();
  sql::Database database = place.connection();
  auto transaction = sql::Transaction::begin(database);
  REQUIRE(insert(database, 1).ok());
  // No assertion in the thread: Catch's are of one thread.
  auto committed = std::async(std::launch::async, [&] { return transaction->commit(); });
  while (!commitSleeps(watcher)) {
  }
  strike();
  return committed.get();
}

}  // namespace

TEST_CASE("a server that is killed in a commit leaves it unknown, and is there again afterwards") {
  const support::TestDatabase place;
  {
    sql::Database database = openWithTable(place);
    atCommit(database, "PERFORM pg_sleep(600);");
  }
  sql::Database kept = place.connection();
  sql::Database watcher = place.connection();
  const Status struck = commitStruck(place, [&] {
    const auto backend =
        numberOf(watcher, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' LIMIT 1");
    REQUIRE(::kill(static_cast<pid_t>(backend), SIGKILL) == 0);
  });
  CHECK(struck.error().reason == "PG_CONNECTION");
  CHECK(struck.error().code == ErrorCode::Unavailable);
  sql::Database again = openedAgain(place);
  CHECK(rowsOf(again) == 0);
  // The connections of everybody else were lost too, and come back by themselves.
  auto read = kept.prepare("SELECT count(*) FROM note");
  if (const auto first = read->step(); !first.ok())
    CHECK(first.error().reason == "PG_CONNECTION");
  read->reset();
  CHECK(read->step().ok());
}

TEST_CASE("a server that is stopped at once is an error of every call, and nothing hangs or ends") {
  static const support::TestDatabase* const place = new support::TestDatabase;  // cannot be dropped
  {
    sql::Database database = openWithTable(*place);
    atCommit(database, "PERFORM pg_sleep(600);");
  }
  auto storage = Storage::open(place->storage(false)).value();
  const char* server = std::getenv("DOORSTEP_TEST_POSTGRES_SERVER");
  REQUIRE(server != nullptr);
  const Status struck =
      commitStruck(*place, [&] { REQUIRE(::kill(std::atoi(server), SIGQUIT) == 0); });
  CHECK(struck.error().reason == "PG_CONNECTION");
  int jobs = 0;
  const Status written = storage->write([&](sql::Database& database) -> Status {
    ++jobs;
    return insert(database, 2);
  });
  CHECK(written.error().reason == "PG_CONNECTION");
  CHECK(jobs <= 1);
  const auto read = storage->read()->hasTable("note");
  CHECK(read.error().reason == "PG_CONNECTION");
  CHECK(storage->changedElsewhere().ok());
  auto snapshot = sql::Transaction::begin(*storage->read(), sql::TransactionKind::Snapshot);
  CHECK((!snapshot.ok() || !snapshot->commit().ok()));
  CHECK(Storage::open(place->storage(false)).error().reason == "PG_CONNECTION");
}
