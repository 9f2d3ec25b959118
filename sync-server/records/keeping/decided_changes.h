// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/core/result.h"
#include "shared/sql/database.h"

namespace doorstep::records {

// What the office decided for many visits at once: contracts' rules, terms and lots of people,
// what is commissioned. Each has a version; visits kept from a day on are touched
// (projections::touchVisit) when it has grown. Cost: one number a provider and contract, and the
// visits that a decision touches. Thread: the connection's.

// Whether there is a decision that touchDecided has not seen.
Result<bool> isDecidedAnew(sql::Database& database);
// Inside a write job.
Status touchDecided(sql::Database& database);

}  // namespace doorstep::records
