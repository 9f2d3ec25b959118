// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/sql/database.h"
#include "sync-server/storage/storage.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::support {

// An empty database for one test: a SQLite file, or with DOORSTEP_TEST_POSTGRES (a cluster's
// address in libpq's format) a schema there. Deleted on destruction; declare it before its users.
class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  static bool onPostgres();
  // The same database each time, so that a storage can be reopened.
  storage::StorageOptions storage(bool singleThreaded = true) const;
  // A connection besides those of a storage.
  sql::Database connection(bool readOnly = false) const;
  // Its address in libpq's format.
  const std::string& postgres() const { return postgres_; }

 private:
  TemporaryFolder folder_;
  std::string name_;
  std::string postgres_;  // empty: SQLite
};

}  // namespace doorstep::support
