// SPDX-License-Identifier: Apache-2.0
#include "sync-server/storage/storage.h"

#include <sys/resource.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstddef>
#include <latch>
#include <new>
#include <thread>
#include <vector>

#include "sync-server/storage/limits.h"
#include "tests/support/test_database.h"

namespace doorstep::storage {
namespace {

Status createTable(sql::Database& database) {
  return database.execute("CREATE TABLE IF NOT EXISTS kept (value INTEGER NOT NULL) STRICT");
}

Status insert(sql::Database& database, std::int64_t value) {
  DOORSTEP_ASSIGN(auto statement, database.prepare("INSERT INTO kept (value) VALUES (?)"));
  return statement.bind(0, value).run();
}

std::int64_t count(Storage& storage) {
  auto lease = storage.read();
  auto statement = lease->prepare("SELECT count(*) FROM kept");
  REQUIRE(statement.ok());
  REQUIRE(statement->step().ok());
  return statement->columnInt(0);
}

std::unique_ptr<Storage> openStorage(const support::TestDatabase& place,
                                     bool singleThreaded = false) {
  auto storage = Storage::open(place.storage(singleThreaded));
  REQUIRE(storage.ok());
  REQUIRE((*storage)->write(createTable).ok());
  return std::move(storage).value();
}

TEST_CASE("a write that returned is seen by every later read") {
  support::TestDatabase place;
  auto storage = openStorage(place);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(storage->write([i](sql::Database& database) { return insert(database, i); }).ok());
    REQUIRE(count(*storage) == i + 1);
  }
}

TEST_CASE("a job that throws is answered, leaves nothing behind and stops nobody else") {
  support::TestDatabase place;
  for (const bool singleThreaded : {false, true}) {
    auto storage = openStorage(place, singleThreaded);
    const Status failed = storage->write([](sql::Database& database) -> Status {
      DOORSTEP_TRY(insert(database, 1));
      throw std::bad_alloc();
    });
    REQUIRE(failed.error().reason == "UNEXPECTED");
    REQUIRE(count(*storage) == 0);
    REQUIRE(storage->write(createTable).ok());
  }
}

TEST_CASE("a job that fails leaves nothing behind") {
  support::TestDatabase place;
  auto storage = openStorage(place);
  const Status failed = storage->write([](sql::Database& database) -> Status {
    DOORSTEP_TRY(insert(database, 1));
    return Error{ErrorCode::InvalidArgument, "NO", "changed its mind"};
  });
  REQUIRE(failed.error().reason == "NO");
  REQUIRE(count(*storage) == 0);
}

TEST_CASE("jobs of many threads run one after another and all of them") {
  support::TestDatabase place;
  auto storage = openStorage(place);
  std::atomic<int> inside = 0;
  std::atomic<bool> overlapped = false;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i)
        (void)storage->write([&](sql::Database& database) {
          if (++inside != 1)
            overlapped = true;
          Status done = insert(database, i);
          --inside;
          return done;
        });
    });
  for (auto& thread : threads)
    thread.join();
  REQUIRE_FALSE(overlapped);
  REQUIRE(count(*storage) == 100);
}

TEST_CASE(
    "stopping runs what is queued, also what queued tasks post, and refuses what comes after") {
  support::TestDatabase place;
  auto storage = openStorage(place);
  std::atomic<int> ran = 0;
  for (int i = 0; i < 10; ++i)
    storage->postToWriter([&] {
      ++ran;
      storage->postToWriter([&] { ++ran; });
    });
  storage->stop();
  REQUIRE(ran == 20);
  REQUIRE(storage->write(createTable).error().reason == "SERVER_STOPPING");
  std::string told;
  storage->writeAsync(createTable, [&](const Status& status) { told = status.error().reason; });
  REQUIRE(told == "SERVER_STOPPING");
}

TEST_CASE("single-threaded storage runs jobs inline and reads what they wrote") {
  support::TestDatabase place;
  auto storage = openStorage(place, true);
  const auto caller = std::this_thread::get_id();
  REQUIRE(storage
              ->write([&](sql::Database& database) {
                CHECK(std::this_thread::get_id() == caller);
                return insert(database, 1);
              })
              .ok());
  REQUIRE(count(*storage) == 1);
}

TEST_CASE("a writer waits for another process's transaction as long as an import may take") {
  support::TestDatabase place;
  auto storage = openStorage(place);
  REQUIRE(storage
              ->write([](sql::Database& database) -> Status {
                const bool postgres = support::TestDatabase::onPostgres();
                DOORSTEP_ASSIGN(
                    auto wait, database.prepare(postgres ? "SELECT CAST(setting AS bigint) FROM "
                                                           "pg_settings WHERE name = 'lock_timeout'"
                                                         : "PRAGMA busy_timeout"));
                DOORSTEP_TRY(wait.step());
                CHECK(wait.columnInt(0) == kWriterWaitMsMax);
                return kDone;
              })
              .ok());
}

TEST_CASE("what another process wrote is noticed once") {
  support::TestDatabase place;
  auto storage = openStorage(place);
  const auto changed = [&] {
    bool seen = false;
    REQUIRE(storage
                ->write([&](sql::Database&) -> Status {
                  DOORSTEP_ASSIGN(seen, storage->changedElsewhere());
                  return kDone;
                })
                .ok());
    return seen;
  };
  REQUIRE(storage->write([](sql::Database& database) { return insert(database, 1); }).ok());
  REQUIRE(changed() == support::TestDatabase::onPostgres());  // which cannot tell
  auto other = openStorage(place, true);
  REQUIRE(other->write([](sql::Database& database) { return insert(database, 2); }).ok());
  REQUIRE(changed());
  REQUIRE(changed() == support::TestDatabase::onPostgres());
}

TEST_CASE("a thread that reads and reads again meanwhile needs one connection") {
  support::TestDatabase place;
  auto storage = openStorage(place);
  const auto first = storage->read();
  sql::Database* same = nullptr;
  {
    const auto second = storage->read();
    same = &*second;
  }
  CHECK(same == &*first);
  CHECK(count(*storage) == 0);
  sql::Database* others = nullptr;
  std::thread([&] { others = &*storage->read(); }).join();
  CHECK(others != &*first);
}

TEST_CASE("more readers than connections that can be opened wait their turn and all end") {
  support::TestDatabase place;
  auto storage = openStorage(place);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{3, before.rlim_max};
  constexpr std::ptrdiff_t kThreads = 3 * kReadConnectionsMin;
  std::atomic<int> read = 0;
  // Threads begin and end with handles to be had: the sanitizers need some for both.
  std::latch begun(kThreads), noneLeft(1), done(kThreads), someLeft(1);
  std::vector<std::thread> threads;
  for (std::ptrdiff_t i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      begun.count_down();
      noneLeft.wait();
      for (int k = 0; k < 50; ++k) {
        const auto outer = storage->read();
        const auto inner = storage->read();
        if (inner->prepare("SELECT count(*) FROM kept").ok())
          ++read;
      }
      done.count_down();
      someLeft.wait();
    });
  begun.wait();
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);  // what is open stays open
  noneLeft.count_down();
  done.wait();
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  someLeft.count_down();
  for (auto& thread : threads)
    thread.join();
  CHECK(read == static_cast<int>(3 * kReadConnectionsMin) * 50);
}

TEST_CASE("long work on a connection ends when it is told to, and the connection goes on") {
  support::TestDatabase place;
  auto storage = openStorage(place);
  constexpr const char* kEndless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  sql::Database* used = nullptr;
  {
    auto lease = storage->read();
    used = &*lease;
    int asked = 0;
    lease.stopWhen([&]() -> Status {
      if (++asked < 3)
        return kDone;
      return Error{ErrorCode::DeadlineExceeded, "QUESTION_TOO_LONG", "three questions long"};
    });
    auto statement = lease->prepare(kEndless);
    REQUIRE(statement.ok());
    CHECK(statement->step().error().reason == "QUESTION_TOO_LONG");
    CHECK(lease->goOn().error().reason == "QUESTION_TOO_LONG");
  }
  const auto next = storage->read();
  CHECK(&*next == used);
  CHECK(next->goOn().ok());
  CHECK(count(*storage) == 0);
}

TEST_CASE("a connection that could not be had answers everything with the reason") {
  auto none = sql::Database::refusing({ErrorCode::Unavailable, "NO_READER", "none"});
  CHECK(none.prepare("SELECT 1").error().reason == "NO_READER");
  CHECK(none.execute("SELECT 1").error().reason == "NO_READER");
  CHECK(none.quickCheck().error().reason == "NO_READER");
  CHECK(none.hasTable("x").error().reason == "NO_READER");
}

}  // namespace
}  // namespace doorstep::storage
