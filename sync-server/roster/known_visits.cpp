// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/known_visits.h"

#include <functional>

namespace doorstep::roster {
namespace {

// Number of cached visits: two days of a large provider, 16 bytes each.
constexpr std::size_t kRemembered = 16384;

}  // namespace

KnownVisits::KnownVisits(sql::Database& database) : database_(database), recent_(kRemembered) {}

Result<bool> KnownVisits::knows(ProviderId provider, VisitId visit) {
  if (!provider || !visit)
    return false;
  const Known asked{provider, visit};
  Known& place = recent_[(std::hash<VisitId>{}(visit) >> 32) % kRemembered];
  if (place == asked)
    return true;
  if (!statement_) {
    DOORSTEP_ASSIGN(statement_, database_.prepare(R"sql(
SELECT 1 FROM visit WHERE provider_id = ?1 AND visit_id = ?2
UNION ALL SELECT 1 FROM visit_alias WHERE provider_id = ?1 AND visit_id = ?2)sql"));
  }
  statement_->bindId(0, provider.value).bindId(1, visit.value);
  Result<bool> found = statement_->step();
  statement_->reset();
  if (found.ok() && *found)
    place = asked;
  return found;
}

}  // namespace doorstep::roster
