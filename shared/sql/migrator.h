// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "shared/sql/database.h"

namespace doorstep::sql {

// A numbered step of a module's schema. Never edited once released; docs/storage-schema.md lists
// them.
struct Migration {
  int number = 0;  // 1, 2, 3 …
  const char* sql = nullptr;
  // A query for one number that must be 0 first: rows that the step cannot carry over. Null: none.
  const char* noneOf = nullptr;
  // What SQL alone cannot carry over, after `sql` and in the same transaction; memory is bounded.
  // Runs on the tables as of this number. Null: nothing.
  Status (*fill)(Database&) = nullptr;
};

// Brings a module's tables to the newest number, each step in its own transaction and once, however
// many servers are started together. The table schema_version(module, number) says where each
// module stands. Errors: SCHEMA_NEWER when the database was written by a newer release,
// SCHEMA_TOO_OLD when it holds what an older one wrote and this one cannot carry over: nothing more
// is touched.
Status migrate(Database& database, std::string_view module, std::span<const Migration> migrations);

}  // namespace doorstep::sql
