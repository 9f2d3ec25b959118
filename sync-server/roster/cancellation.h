// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/locked_plan.h"

namespace doorstep::roster {

struct Cancellation {
  visits::WantedBy wantedBy = visits::WantedBy::Office;
  std::optional<std::int64_t> enteredUnixMs;  // publication; absent: not known
};

// The version that called the visit off, of those in force since then. nullopt: it is planned.
// Cost: the versions since then, and one. Errors: PLAN_DAMAGED, and the database's. Thread: the
// connection's.
Result<std::optional<Cancellation>> cancellationOf(sql::Database& database, ProviderId provider,
                                                   VisitId visit);

}  // namespace doorstep::roster
