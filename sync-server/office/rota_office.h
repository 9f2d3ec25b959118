// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "sync-server/office/office_log.h"
#include "sync-server/roster/rota_import.h"

namespace doorstep::office {

struct RotaOrder {
  // For which provider and with what; found, or made, in the import's own transaction.
  std::function<Result<roster::ImportTarget>(sql::Database&)> target;
  // Everything is checked and counted, and nothing of it is kept.
  bool dryRun = false;
  roster::ImportProgress progress = {};
  // Asked before the commit; its error is the import's.
  std::function<Status()> mayGoOn = [] { return Status(kDone); };
};

// roster::importRota in a transaction of its own, with what it decides. Errors and faults as of
// that. Thread: any but the writer's.
Result<roster::ImportSummary> importRota(OfficeLog& office, const event_log::OfficeActor& by,
                                         const roster::Rota& rota, const RotaOrder& order,
                                         const Clock& clock, IdSource& ids,
                                         roster::FaultList& faults);

}  // namespace doorstep::office
