// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// What stores write, as PostgreSQL reads it. No more than words: a text means the same in both.
namespace doorstep::postgres {

struct StatementText {
  std::string text;
  int parameters = 0;
};

// `?` and `?n` become `$n`; INDEXED BY, which PostgreSQL has no need of, is dropped.
StatementText statementText(std::string_view sql);

// The words of a migration: INTEGER, BLOB and REAL become types of PostgreSQL that hold the same;
// STRICT, WITHOUT ROWID and COLLATE NOCASE are dropped. PostgreSQL is strict by itself, and what is
// compared without regard to case is stored in lower case.
std::string schemaText(std::string_view sql);

}  // namespace doorstep::postgres
