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

// Makes a rota that has no fault the plan, as one new plan version. What stands in the plan already
// (found by ref) gets a new version only where it differs; a planned visit of a day of the rota
// that the rota does not name is cancelled; other days, people and carers that it does not name
// stay as they are. The same rota twice makes no version. All in the caller's transaction: wholly
// or not at all. What it decided is said to the act. Called by office::importRota. Thread: the
// connection's.

struct ImportTarget {
  ProviderId provider;
  // Council that the provider's lots are under when the rota has no contracts.csv: lots that no
  // contract has go to one contract with it. Absent: such a lot is a fault.
  std::optional<CouncilId> council;
  // Rules of that contract; see ContractTerms::rules.
  std::optional<visits::ContractRules> rules;
  // Refuse a rota (CANCELS_MANY) that cancels more than a fifth of what is planned on its days, or
  // of what is still to come on them, unless it is two visits at most. False: note it only.
  bool refuseManyCancellations = false;
  // From which files: kept with the plan version.
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
  FaultList notes;  // of the plan; those of the files are Rota::notes
};

// Visits written so far, of how many; called every 10,000 visits.
using ImportProgress = std::function<void(std::uint64_t done, std::uint64_t all)>;

// Adds a fault (LOT_WITHOUT_CONTRACT) for each lot that no contract would have, and one
// (CANCELS_MANY) for cancellations that are not confirmed. Error INVALID_ARGUMENT (ROTA_FAULTS)
// then: the job must be rolled back. Otherwise what SQLite reports.
Result<ImportSummary> importRota(sql::Database& database, const Rota& rota,
                                 const ImportTarget& target, const Clock& clock, IdSource& ids,
                                 event_log::OfficeAct& office, FaultList& faults,
                                 const ImportProgress& progress = {});

}  // namespace doorstep::roster
