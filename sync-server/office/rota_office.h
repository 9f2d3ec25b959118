// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "sync-server/office/office_log.h"
#include "sync-server/roster/rota_import.h"

namespace doorstep::office {

struct RotaOrder {
  // Provider and options; looked up or created in the import's transaction.
  std::function<Result<roster::ImportTarget>(sql::Database&)> target;
  // Checks and counts everything, then rolls back.
  bool dryRun = false;
  std::function<void(std::uint64_t done, std::uint64_t all)> progress = {};
  // Polled every 10,000 visits and before the commit; its error becomes the import's.
  std::function<Status()> mayGoOn = [] { return Status(kDone); };
  // What is imported with the rota, in the same transaction and after it; its faults and its error
  // are the import's. Null: nothing.
  std::function<Status(sql::Database&, event_log::OfficeAct&, ProviderId, roster::FaultList&)>
      beside = {};
};

// roster::importRota in its own transaction, with its decisions in the log. Errors and faults: as
// roster::importRota. Thread: any but the writer's.
Result<roster::ImportSummary> importRota(OfficeLog& office, const event_log::OfficeActor& by,
                                         const roster::Rota& rota, const RotaOrder& order,
                                         const Clock& clock, IdSource& ids,
                                         roster::FaultList& faults);

}  // namespace doorstep::office
