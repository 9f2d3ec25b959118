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

// Looks: who looked at which person's record, when and at what. Append-only; a look is recorded
// before anything is shown, so that a failure to record it shows nothing. Thread: the connection's.

enum class LookPurpose {
  Board = 1,   // opened a visit on the board
  Record = 2,  // opened or listed records with a person's name
  Proof = 3,   // downloaded the evidence of a visit
  Export = 4,  // exported records: one look per file, person 0
};

struct Look {
  AccountId account;
  ProviderId provider;
  PersonId person;  // 0: several, see detail
  VisitId visit;    // 0: not one visit
  LookPurpose purpose = LookPurpose::Record;
  std::int64_t atUnixMs = 0;
  std::string detail;  // the filter of an export; never a name
};

Status recordLook(sql::Database& database, const Look& look, const Clock& clock, IdSource& ids);
// All or none, in one transaction. ids is used on the writer's thread.
Status recordLooks(storage::Storage& storage, std::span<const Look> looks, const Clock& clock,
                   IdSource& ids);
// Looks at a person's record, newest first.
Result<std::vector<Look>> looksAtPerson(sql::Database& database, ProviderId provider,
                                        PersonId person, std::uint32_t limit);

}  // namespace doorstep::identity
