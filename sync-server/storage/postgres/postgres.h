// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/sql/database.h"

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
};

// A connection. `where` is as libpq reads it (postgres://… or key=value). Its transactions are
// serializable; one that another one was in the way of ends with PG_CONFLICT (Aborted) and may be
// run again. PG_CONNECTION (Unavailable) ends a transaction, and what comes after it connects
// again; of a commit that ends so, or with NOT_REPLICATED, nobody knows whether it happened.
// Errors: PG_CONNECTION, PG_UNSUITABLE (FailedPrecondition) when the database orders text in
// another way than SQLite, is not UTF-8, too old, or forgets commits.
Result<sql::Database> open(const std::string& where, const PostgresOptions& options = {});

}  // namespace doorstep::postgres
