// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// Translates the stores' SQL for PostgreSQL, word by word: a text has the same meaning in both.
namespace doorstep::postgres {

struct StatementText {
  std::string text;
  int parameters = 0;
};

// `?` and `?n` become `$n`; INDEXED BY, which PostgreSQL does not need, is dropped.
StatementText statementText(std::string_view sql);

// For migrations: INTEGER, BLOB and REAL become PostgreSQL types of the same range; STRICT, WITHOUT
// ROWID and COLLATE NOCASE are dropped. PostgreSQL is always strict, and text that is compared
// without regard to case is stored in lower case.
std::string schemaText(std::string_view sql);

}  // namespace doorstep::postgres
