// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/sql/database.h"
#include "sync-server/storage/storage.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::support {

// The database of one test, empty and its own: a SQLite file, or with DOORSTEP_TEST_POSTGRES (how
// libpq reads where a cluster is) a schema there. Gone with it; declared before what uses it.
class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  static bool onPostgres();
  // The same database each time, so that a storage can be opened again.
  storage::StorageOptions storage(bool singleThreaded = true) const;
  // A connection beside those of a storage.
  sql::Database connection(bool readOnly = false) const;
  // How libpq reads where it is.
  const std::string& postgres() const { return postgres_; }

 private:
  TemporaryFolder folder_;
  std::string name_;
  std::string postgres_;  // empty: SQLite
};

}  // namespace doorstep::support
