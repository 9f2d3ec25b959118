// SPDX-License-Identifier: Apache-2.0
// What an operator may have named as the database, and what is said of each.
#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "shared/sql/migrator.h"
#include "sync-server/storage/postgres/postgres.h"
#include "tests/unit/sync-server/storage/note_table.h"

using namespace doorstep;
using namespace doorstep::storage;

namespace {

Error refusedFor(const std::string& where) {
  const auto opened = postgres::open(where);
  REQUIRE_FALSE(opened.ok());
  return opened.error();
}

bool says(const Error& error, const std::string& words) {
  return error.text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("an address that cannot be read is said to be one, and nothing of it is repeated") {
  for (const char* where :
       {"", "hunter2", "host=127.0.0.1 hunter2", "host=127.0.0.1 passwrod=hunter2",
        "host='127.0.0.1 password=hunter2", "postgres://u:hunter2@[::1/x", "postgres://h/x?hunter2",
        "postgres://u:pass@hunter2@127.0.0.1/x", "postgres://h/x?nothing=hunter2"}) {
    INFO(where);
    const Error refused = refusedFor(where);
    CHECK(refused.reason == "PG_ADDRESS");
    CHECK(refused.code == ErrorCode::InvalidArgument);
    CHECK(says(refused, "postgres://user@host:port/database"));
    CHECK_FALSE(says(refused, "hunter2"));
  }
}

TEST_CASE("a server that is not there is said to be so, with what was tried") {
  const Error port = refusedFor("host=127.0.0.1 port=1 user=x password=hunter2");
  CHECK(port.reason == "PG_CONNECTION");
  CHECK(port.code == ErrorCode::Unavailable);
  CHECK(says(port, "127.0.0.1"));
  CHECK(says(port, "port 1"));
  CHECK_FALSE(says(port, "hunter2"));
  const Error socket = refusedFor("postgres://x:hunter2@%2Fnowhere/y");
  CHECK(socket.reason == "PG_CONNECTION");
  CHECK(says(socket, "/nowhere"));
  CHECK_FALSE(says(socket, "hunter2"));
}

TEST_CASE("a wrong password, role or database is said in the server's words") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = place.connection();
  REQUIRE(database.execute("CREATE ROLE stranger LOGIN PASSWORD 'right'").ok());
  const Error wrong = refusedFor(place.postgres() + " user=stranger password=hunter2");
  CHECK(wrong.reason == "PG_CONNECTION");
  CHECK(says(wrong, "stranger"));
  CHECK_FALSE(says(wrong, "hunter2"));
  CHECK(refusedFor(place.postgres() + " user=stranger").reason == "PG_CONNECTION");
  CHECK(postgres::open(place.postgres() + " user=stranger password=right").ok());
  REQUIRE(database.execute("DROP ROLE stranger").ok());
  CHECK(says(refusedFor(place.postgres() + " user=nobody_at_all"), "nobody_at_all"));
  CHECK(says(refusedFor(place.postgres() + " dbname=no_such_one"), "no_such_one"));
}

TEST_CASE("a database of another encoding or order, or that forgets commits, is refused") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database database = place.connection();
  const std::pair<const char*, const char*> unsuited[] = {
      {"ENCODING 'LATIN1' LOCALE 'C'", "LATIN1"},
      {"ENCODING 'SQL_ASCII' LOCALE 'C'", "SQL_ASCII"},
      {"ENCODING 'UTF8' LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'en'", "UTF8"}};
  for (const auto& [how, named] : unsuited) {
    INFO(how);
    REQUIRE(
        database
            .execute((std::string("CREATE DATABASE unsuited TEMPLATE template0 ") + how).c_str())
            .ok());
    const Error refused = refusedFor(place.postgres() + " dbname=unsuited");
    CHECK(refused.reason == "PG_UNSUITABLE");
    CHECK(says(refused, named));
    CHECK(says(refused, "LOCALE 'C.UTF-8'"));
    REQUIRE(database.execute("DROP DATABASE unsuited WITH (FORCE)").ok());
  }
  const Error forgets = refusedFor(place.postgres() + " options='-c synchronous_commit=off'");
  CHECK(forgets.reason == "PG_UNSUITABLE");
  CHECK(says(forgets, "synchronous_commit"));
}

TEST_CASE("a role that may only read can read, and each write says what it lacks") {
  if (!support::TestDatabase::onPostgres())
    return;
  const support::TestDatabase place;
  sql::Database owner = openWithTable(place);
  REQUIRE(insert(owner, 1).ok());
  REQUIRE(owner
              .execute("CREATE ROLE reader LOGIN; "
                       "DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO reader', "
                       "current_schema()); END $$; GRANT SELECT ON note TO reader")
              .ok());
  {
    sql::Database reader = postgres::open(place.postgres() + " user=reader").value();
    CHECK(rowsOf(reader) == 1);
    const Status refused = insert(reader, 2);
    CHECK(refused.error().reason == "PG_PERMISSION");
    CHECK(refused.error().code == ErrorCode::PermissionDenied);
    CHECK(says(refused.error(), "grant"));
    CHECK(says(refused.error(), "note"));
    {
      auto transaction = sql::Transaction::begin(reader);
      CHECK(insert(reader, 3).ok());  // queued
      CHECK(transaction->commit().error().reason == "PG_PERMISSION");
    }
    CHECK(rowsOf(reader) == 1);
    const Status migrated =
        sql::migrate(reader, "module", std::vector{sql::Migration{1, "CREATE TABLE a (b TEXT)"}});
    CHECK(migrated.error().reason == "PG_PERMISSION");
  }
  REQUIRE(owner.execute("DROP OWNED BY reader; DROP ROLE reader").ok());
}
