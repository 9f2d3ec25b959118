// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "shared/sql/database.h"

namespace doorstep::sql {

// A numbered step of a module's schema. Never edited once released; listed in
// docs/storage-schema.md.
struct Migration {
  int number = 0;  // 1, 2, 3 …
  const char* sql = nullptr;
  // A query for a count that must be 0 first: rows that the step cannot convert. Null: none.
  const char* noneOf = nullptr;
  // Conversion that SQL alone cannot do, after `sql` and in the same transaction; must use bounded
  // memory. Sees the tables as of this number. Null: nothing.
  Status (*fill)(Database&) = nullptr;
};

// Brings a module's tables to the newest number, each step exactly once and in its own transaction,
// even when several servers start together. The table schema_version(module, number) records the
// number of each module. Errors: SCHEMA_NEWER when a newer release wrote the database,
// SCHEMA_TOO_OLD when it holds rows of an older one that cannot be converted; no further step runs.
Status migrate(Database& database, std::string_view module, std::span<const Migration> migrations);

}  // namespace doorstep::sql
