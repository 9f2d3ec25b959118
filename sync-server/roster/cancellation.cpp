// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/cancellation.h"

#include "shared/wire/plan_codec.h"

namespace doorstep::roster {

Result<std::optional<Cancellation>> cancellationOf(sql::Database& database, ProviderId provider,
                                                   VisitId visit) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT visit, wanted_by, made_unix_ms
FROM visit_version LEFT JOIN plan_version USING (provider_id, plan_version)
WHERE provider_id = ? AND visit_id = ? ORDER BY plan_version DESC)sql"));
  rows.bindId(0, provider.value).bindId(1, visit.value);
  std::optional<Cancellation> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    const auto version = wire::decodeVisit(visit, rows.columnBlob(0));
    if (!version.ok())
      return Error{ErrorCode::DataLoss, "PLAN_DAMAGED", "a stored visit version cannot be read"};
    if (version->state != visits::VisitState::Cancelled)
      return found;
    found = Cancellation{static_cast<visits::WantedBy>(rows.columnInt(1)), {}};
    if (!rows.columnIsNull(2))
      found->enteredUnixMs = rows.columnInt(2);
  }
}

}  // namespace doorstep::roster
