// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/seen_visit.h"

#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/visit_aliases.h"

namespace doorstep::records {

Result<std::optional<SeenVisit>> seenVisit(sql::Database& database, const VisibleContracts& visible,
                                           ProviderId provider, VisitId asked) {
  SeenVisit found;
  DOORSTEP_ASSIGN(found.visit, roster::resolveVisit(database, provider, asked));
  DOORSTEP_ASSIGN(const auto planned, roster::visit(database, provider, found.visit));
  found.person = planned.person;
  DOORSTEP_ASSIGN(const auto terms, roster::personTerms(database, provider, planned.person));
  DOORSTEP_ASSIGN(found.anchorUnixMs, roster::visitAnchor(database, provider, found.visit));
  found.lot = roster::termsAt(terms, found.anchorUnixMs).lot;
  if (!visible.includes({}, provider, found.lot, found.anchorUnixMs))
    return std::optional<SeenVisit>();
  return std::optional(std::move(found));
}

}  // namespace doorstep::records
