// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sqlite/database.h"

namespace doorstep::identity {

// Who looked at a person's record, when and at what. Append-only; written before the record is
// shown, so a look that failed to be recorded shows nothing. Thread: the connection's.

enum class LookPurpose {
  Board = 1,   // opened a visit on the board
  Record = 2,  // opened or listed records that name a visit's person
  Proof = 3,   // took the evidence of a visit
  Export = 4,  // took many records as a file: one look for the file, person 0
};

struct Look {
  AccountId account;
  ProviderId provider;
  PersonId person;  // 0: several, see detail
  VisitId visit;    // 0: not one visit
  LookPurpose purpose = LookPurpose::Record;
  std::int64_t atUnixMs = 0;
  std::string detail;  // of an export: its filter. Never a name.
};

Status recordLook(sqlite::Database& database, const Look& look);
// Looks at a person's record, newest first.
Result<std::vector<Look>> looksAtPerson(sqlite::Database& database, ProviderId provider,
                                        PersonId person, std::uint32_t limit);

}  // namespace doorstep::identity
