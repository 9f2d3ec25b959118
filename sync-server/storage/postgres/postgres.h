// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "shared/sql/database.h"
#include "sync-server/storage/postgres/limits.h"

// The PostgreSQL engine: included where a database is opened, by no store.
namespace doorstep::postgres {

struct PostgresOptions {
  bool readOnly = false;
  // How long a statement waits for another connection's lock.
  int lockWaitMs = 5'000;
  // How long the server may be silent before the connection is given up: while a statement runs,
  // and during a commit, where a standby may be what is silent.
  int answerWaitMs = 60'000;
  int commitWaitMs = 5'000;
  // Of the rows of one statement, which are whole in memory.
  std::size_t resultBytesMax = kResultBytesMax;
};

// A connection. `where` is as libpq reads it (postgres://… or key=value). Its transactions are
// serializable; one that another one was in the way of ends with PG_CONFLICT (Aborted) and may be
// run again. PG_CONNECTION (Unavailable) ends a transaction, and what comes after it connects
// again; of a commit that ends so, or with NOT_REPLICATED, nobody knows whether it happened.
// Errors: PG_ADDRESS (InvalidArgument) when `where` cannot be read, PG_CONNECTION, PG_READ_ONLY
// (Unavailable) for a standby, PG_UNSUITABLE (FailedPrecondition) when the database orders text in
// another way than SQLite, is not UTF-8, too old, or forgets commits. No error holds a password.
Result<sql::Database> open(const std::string& where, const PostgresOptions& options = {});

}  // namespace doorstep::postgres
