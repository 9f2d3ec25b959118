// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/sql/database.h"

// The SQLite engine. Included where a database is opened, never by a store of the server.
namespace doorstep::sql {

struct SqliteOptions {
  bool readOnly = false;
  // Name of a registered VFS; empty: the default. Used by the simulator's crash-faithful VFS.
  std::string vfs;
  // Keeps the file locked and uses no shared memory: for a file with one connection.
  bool exclusive = false;
  // How long a statement waits for another connection's transaction before it returns SQLITE_BUSY.
  int busyWaitMs = 5'000;
  // For a writer with concurrent readers: a commit that leaves the WAL with this many pages runs a
  // RESTART checkpoint, which waits briefly for readers. 0: SQLite's automatic checkpoints, which
  // may never finish under steady reading.
  int walPagesMax = 0;
  // Creates a missing file; otherwise that is SQLITE_CANTOPEN.
  bool create = true;
};

// Opens a file: WAL, synchronous=FULL, foreign keys on. Reasons of errors are SQLite's names
// (SQLITE_BUSY, SQLITE_FULL, SQLITE_CONSTRAINT …).
Result<Database> openSqlite(const std::string& path, const SqliteOptions& options = {});
// Deletes a closed database with its WAL, shared memory and journal. A missing file is no error.
Status removeSqlite(const std::string& path, const std::string& vfs = {});

}  // namespace doorstep::sql
