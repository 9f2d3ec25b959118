// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "shared/sql/database.h"
#include "sync-server/records/visible_contracts.h"

namespace doorstep::records {

// A visit whose records the caller may see, by whom and when it is judged.
struct SeenVisit {
  VisitId visit;  // as planned; phones may know it by another id
  PersonId person;
  std::int64_t anchorUnixMs = 0;
  std::string lot;  // the person's on that day
};

// nullopt: the caller may not see it. Error VISIT_UNKNOWN. Thread: the connection's.
Result<std::optional<SeenVisit>> seenVisit(sql::Database& database, const VisibleContracts& visible,
                                           ProviderId provider, VisitId asked);

}  // namespace doorstep::records
