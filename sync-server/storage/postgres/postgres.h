// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "shared/sql/database.h"
#include "sync-server/storage/postgres/limits.h"

// The PostgreSQL engine. Included where a database is opened, never by a store.
namespace doorstep::postgres {

struct PostgresOptions {
  bool readOnly = false;
  // How long a statement waits for another connection's lock.
  int lockWaitMs = 5'000;
  // How long the server may be silent before the connection is given up: during a statement, and
  // during a commit, which may wait for a standby.
  int answerWaitMs = 60'000;
  int commitWaitMs = 5'000;
  // Limit for the rows of one statement, which are all in memory.
  std::size_t resultBytesMax = kResultBytesMax;
};

// Opens a connection. `where`: in libpq's format (postgres://… or key=value). Transactions are
// serializable; a conflict ends one with PG_CONFLICT (Aborted), and it may be run again.
// PG_CONNECTION (Unavailable) ends a transaction, and the next one reconnects; after a commit that
// ends so, or with NOT_REPLICATED, the outcome is unknown. Errors: PG_ADDRESS (InvalidArgument)
// when `where` cannot be parsed, PG_CONNECTION, PG_READ_ONLY (Unavailable) for a standby,
// PG_UNSUITABLE (FailedPrecondition) when the database's text order differs from SQLite's, it is
// not UTF-8, too old, or does not make commits durable. No error contains a password.
Result<sql::Database> open(const std::string& where, const PostgresOptions& options = {});

}  // namespace doorstep::postgres
