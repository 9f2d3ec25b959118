// SPDX-License-Identifier: Apache-2.0
#include "sync-server/storage/postgres/dialect.h"

#include <catch2/catch.hpp>

using namespace doorstep::postgres;

TEST_CASE("parameters get PostgreSQL's numbers, those with a number their own") {
  const StatementText plain = statementText("UPDATE a SET b = ?, c = ? WHERE d = ?");
  CHECK(plain.text == "UPDATE a SET b = $1, c = $2 WHERE d = $3");
  CHECK(plain.parameters == 3);
  const StatementText numbered = statementText("SELECT ?2, ?1, ?2, ?12");
  CHECK(numbered.text == "SELECT $2, $1, $2, $12");
  CHECK(numbered.parameters == 12);
  CHECK(statementText("SELECT ?3, ?").text == "SELECT $3, $4");  // as SQLite counts on
  CHECK(statementText("SELECT 1").parameters == 0);
}

TEST_CASE("what is quoted or a comment stays as it is") {
  CHECK(statementText("SELECT '?', 'it''s ?', \"?\", ?").text ==
        "SELECT '?', 'it''s ?', \"?\", $1");
  CHECK(statementText("SELECT 1 -- ?\n, ?").text == "SELECT 1 -- ?\n, $1");
  CHECK(statementText("SELECT 'never closed ?").text == "SELECT 'never closed ?");
  CHECK(schemaText("INSERT INTO a VALUES ('BLOB STRICT')") ==
        "INSERT INTO a VALUES ('BLOB STRICT')");
}

TEST_CASE("an index hint is dropped and nothing that only looks like one") {
  CHECK(statementText("SELECT a FROM b INDEXED BY c_d WHERE e = ?").text ==
        "SELECT a FROM b  WHERE e = $1");
  CHECK(statementText("SELECT a FROM b\n  INDEXED\n  BY c").text == "SELECT a FROM b\n  ");
  CHECK(statementText("SELECT UNINDEXED BY c, INDEXED FROM d").text ==
        "SELECT UNINDEXED BY c, INDEXED FROM d");
}

TEST_CASE("a migration keeps everything but the words that PostgreSQL says otherwise") {
  CHECK(schemaText("CREATE TABLE a (b INTEGER PRIMARY KEY, c BLOB, d REAL, e TEXT) STRICT;") ==
        "CREATE TABLE a (b bigint PRIMARY KEY, c bytea, d double precision, e TEXT) ;");
  CHECK(schemaText("CREATE TABLE a (b INTEGER) STRICT, WITHOUT ROWID;\nCREATE INDEX c ON a (b)") ==
        "CREATE TABLE a (b bigint) ;\nCREATE INDEX c ON a (b)");
  CHECK(schemaText("login TEXT NOT NULL UNIQUE COLLATE NOCASE,") == "login TEXT NOT NULL UNIQUE ,");
  CHECK(schemaText("REALLY BLOBS RESTRICT my_INTEGER") == "REALLY BLOBS RESTRICT my_INTEGER");
}
