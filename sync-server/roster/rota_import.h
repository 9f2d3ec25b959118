// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/sql/database.h"
#include "sync-server/event_log/office_act.h"
#include "sync-server/roster/plan_feed.h"
#include "sync-server/roster/plan_history.h"
#include "sync-server/roster/rota/rota.h"

namespace doorstep::roster {

// Imports a rota without faults as one new plan version. Objects already in the plan (found by ref)
// get a new version only where they differ; a planned visit on a day of the rota that the rota does
// not contain is cancelled; other days, and people and carers not in the rota, are unchanged. The
// same rota again makes no version. All in the caller's transaction. Adds its decisions to the act.
// Called by office::importRota. Thread: the connection's.

struct ImportTarget {
  ProviderId provider;
  // Council of the provider's lots when the rota has no contracts.csv: lots without a contract are
  // put into one contract with it. Absent: such a lot is a fault.
  std::optional<CouncilId> council;
  // Rules of that contract; see ContractTerms::rules.
  std::optional<StatedRules> rules;
  // Refuses a rota (CANCELS_MANY) that cancels more than a fifth of the visits planned on its days,
  // or of the future ones on them, unless it cancels at most two. False: only notes it.
  bool refuseManyCancellations = false;
  // The rota's files, stored with the plan version.
  std::vector<PlanFile> files = {};
};

struct ImportSummary {
  std::uint64_t people = 0;  // in the rota
  std::uint64_t carers = 0;
  std::uint64_t visits = 0;
  std::uint64_t visitsNew = 0;
  std::uint64_t visitsChanged = 0;
  std::uint64_t visitsCancelled = 0;
  PlanCommit commit;
  FaultList notes;  // about the plan; those about the files are Rota::notes
};

// Visits written so far, and in total; called every 10,000 visits and at the end. Its error stops
// the import and becomes the import's.
using ImportProgress = std::function<Status(std::uint64_t done, std::uint64_t all)>;

// Adds a fault (LOT_WITHOUT_CONTRACT) for each lot that would have no contract, and one
// (CANCELS_MANY) for unconfirmed cancellations. Error INVALID_ARGUMENT (ROTA_FAULTS) then: roll
// back the job. Other errors: the database's.
Result<ImportSummary> importRota(sql::Database& database, const Rota& rota,
                                 const ImportTarget& target, const Clock& clock, IdSource& ids,
                                 event_log::OfficeAct& office, FaultList& faults,
                                 const ImportProgress& progress = {});

}  // namespace doorstep::roster
