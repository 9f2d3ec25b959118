// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "sync-server/storage/storage.h"

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

Status recordLook(sql::Database& database, const Look& look, const Clock& clock, IdSource& ids);
// All of them or none, in a transaction of their own. ids is used on the writer's thread.
Status recordLooks(storage::Storage& storage, std::span<const Look> looks, const Clock& clock,
                   IdSource& ids);
// Looks at a person's record, newest first.
Result<std::vector<Look>> looksAtPerson(sql::Database& database, ProviderId provider,
                                        PersonId person, std::uint32_t limit);

}  // namespace doorstep::identity
