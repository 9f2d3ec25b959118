// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/test_database.h"

// A table for tests of the PostgreSQL engine, and their operations on it.
namespace doorstep::storage {

inline void makeTable(sql::Database& database) {
  REQUIRE(database
              .execute("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, "
                       "text TEXT NOT NULL) STRICT")
              .ok());
}

inline sql::Database openWithTable(const support::TestDatabase& place) {
  sql::Database database = place.connection();
  makeTable(database);
  return database;
}

inline Status insert(sql::Database& database, std::int64_t id) {
  DOORSTEP_ASSIGN(auto row, database.prepare("INSERT INTO note (id, text) VALUES (?, 'x')"));
  return row.bind(0, id).run();
}

inline std::int64_t numberOf(sql::Database& database, const char* question) {
  auto row = database.prepare(question);
  REQUIRE(row.ok());
  REQUIRE(row->step().value());
  return row->columnInt(0);
}

inline std::int64_t rowsOf(sql::Database& database) {
  return numberOf(database, "SELECT count(*) FROM note");
}

// Runs a statement at COMMIT.
inline void atCommit(sql::Database& database, const std::string& what) {
  const std::string text =
      "CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + what +
      " RETURN NULL; END $$; CREATE CONSTRAINT TRIGGER late AFTER INSERT ON note "
      "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_commit()";
  REQUIRE(database.execute(text.c_str()).ok());
}

}  // namespace doorstep::storage
