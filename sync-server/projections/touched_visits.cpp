// SPDX-License-Identifier: Apache-2.0
#include "sync-server/projections/touched_visits.h"

namespace doorstep::projections {

Status touchVisit(sql::Database& database, ProviderId provider, VisitId visit) {
  DOORSTEP_ASSIGN(auto add, database.prepare(kTouchVisit));
  return add.bindId(0, provider.value).bindId(1, visit.value).run();
}

Result<std::vector<TouchedVisit>> touchedVisits(sql::Database& database, std::uint32_t limit) {
  DOORSTEP_ASSIGN(
      auto rows,
      database.prepare("SELECT provider_id, visit_id, touches FROM touched_visit LIMIT ?"));
  rows.bind(0, limit);
  std::vector<TouchedVisit> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back({ProviderId(rows.columnId(0)), VisitId(rows.columnId(1)), rows.columnInt(2)});
  }
}

Status forgetTouches(sql::Database& database, std::span<const TouchedVisit> visits) {
  DOORSTEP_ASSIGN(
      auto drop,
      database.prepare(
          "DELETE FROM touched_visit WHERE provider_id = ? AND visit_id = ? AND touches = ?"));
  for (const auto& [provider, visit, touches] : visits)
    DOORSTEP_TRY(drop.bindId(0, provider.value).bindId(1, visit.value).bind(2, touches).run());
  return kDone;
}

}  // namespace doorstep::projections
