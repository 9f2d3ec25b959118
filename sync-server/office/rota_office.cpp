// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/rota_office.h"

#include <optional>
#include <utility>

namespace doorstep::office {

Result<roster::ImportSummary> importRota(OfficeLog& office, const event_log::OfficeActor& by,
                                         const roster::Rota& rota, const RotaOrder& order,
                                         const Clock& clock, IdSource& ids,
                                         roster::FaultList& faults) {
  std::optional<roster::ImportSummary> summary;
  roster::FaultList found = faults;
  const Status done =
      office.write(by, [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
        summary.reset();
        found = faults;
        DOORSTEP_ASSIGN(const auto target, order.target(database));
        const auto goOn = [&](std::uint64_t visits, std::uint64_t all) {
          if (order.progress)
            order.progress(visits, all);
          return order.mayGoOn();
        };
        DOORSTEP_ASSIGN(summary,
                        roster::importRota(database, rota, target, clock, ids, act, found, goOn));
        if (order.beside)
          DOORSTEP_TRY(order.beside(database, act, target.provider, found));
        if (order.dryRun)
          return Error{ErrorCode::Cancelled, "DRY_RUN", "nothing is to be kept of it"};
        return order.mayGoOn();
      });
  faults = std::move(found);
  if (!done.ok() && !(order.dryRun && done.error().reason == "DRY_RUN"))
    return done.error();
  return *std::move(summary);
}

}  // namespace doorstep::office
