// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace doorstep::roster {

// What plan versions changed, for whoever keeps something derived from the plan and remembers how
// far it has read. Each function is one query. Thread: the connection's.

// A place in a provider's visits by (version in force, id).
struct VisitChange {
  std::uint64_t planVersion = 0;
  VisitId visit;
};
// Visits whose version in force comes after the place, in order. Cost: the size of the result.
Result<std::vector<VisitChange>> visitsChangedSince(sql::Database& database, ProviderId provider,
                                                    const VisitChange& after, std::uint32_t limit);

// Whose terms were written or replaced by versions in (after, to], and from which day at the
// earliest. Cost: the size of the result.
struct TermsChange {
  PersonId person;
  std::int64_t fromDay = 0;
};
Result<std::vector<TermsChange>> termsChangedSince(sql::Database& database, ProviderId provider,
                                                   std::uint64_t after, std::uint64_t to);

// The earliest day from which such versions gave a lot to another contract or role. nullopt: none.
Result<std::optional<std::int64_t>> lotsChangedSince(sql::Database& database, ProviderId provider,
                                                     std::uint64_t after, std::uint64_t to);

}  // namespace doorstep::roster
