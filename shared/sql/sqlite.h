// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/sql/database.h"

// The SQLite engine: included where a database is opened, by no store of the server.
namespace doorstep::sql {

struct SqliteOptions {
  bool readOnly = false;
  // Registered VFS to use; empty: the default. The simulator's crash-faithful VFS comes in here.
  std::string vfs;
  // Keeps the file locked and needs no shared memory: for a file with one connection.
  bool exclusive = false;
  // How long a statement waits for another connection's transaction before it is SQLITE_BUSY.
  int busyWaitMs = 5'000;
  // Of a writer with readers beside it: a WAL that has so many pages after a commit is emptied even
  // if the readers have to be waited for, a moment at each commit. 0: as SQLite does it by itself,
  // which under steady reading may be never.
  int walPagesMax = 0;
  // Makes a file that is missing; else it is SQLITE_CANTOPEN.
  bool create = true;
};

// A connection to a file: WAL, synchronous=FULL, foreign keys on. The reasons of its errors are
// SQLite's names (SQLITE_BUSY, SQLITE_FULL, SQLITE_CONSTRAINT …).
Result<Database> openSqlite(const std::string& path, const SqliteOptions& options = {});
// Deletes a closed database with what lies beside it. Nothing to delete is no error.
Status removeSqlite(const std::string& path, const std::string& vfs = {});

}  // namespace doorstep::sql
