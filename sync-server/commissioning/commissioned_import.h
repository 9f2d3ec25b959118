// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "sync-server/commissioning/commissioned_files.h"
#include "sync-server/event_log/office_act.h"

namespace doorstep::commissioning {

struct CommissionedSummary {
  std::uint64_t changed = 0;  // rows that were put
  std::uint64_t same = 0;     // that were so already
  std::uint64_t version = 0;  // in force afterwards
};

// Puts what the files say of a provider: as one version, or nothing when it is so already. What
// they do not name stays. People and contracts must be known, so a rota beside them is imported
// first, in the same act. Adds a fault for each row that names an unknown one (UNKNOWN_REFERENCE)
// or would change days that have begun without a reason (FROM_PAST); error INVALID_ARGUMENT
// (ROTA_FAULTS) then: roll back the job. A provider's first version corrects nothing and needs no
// reason. Inside a write job. Thread: the connection's.
Result<CommissionedSummary> importCommissioned(sql::Database& database, ProviderId provider,
                                               const Commissioned& files, const Clock& clock,
                                               IdSource& ids, event_log::OfficeAct& office,
                                               roster::FaultList& faults);

}  // namespace doorstep::commissioning
