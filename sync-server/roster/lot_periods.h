// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/clock.h"
#include "shared/sql/database.h"
#include "sync-server/roster/provider_setup.h"

namespace doorstep::roster {

// Writes which lots a provider has of a contract, from when and in which role (contract_provider).
// A row is never changed: another one takes its place with the plan version that is being made, and
// both stay. Called by ensureContract. Inside a write job. Thread: the connection's.

// Which contract and role the provider's lot had on the day by the records before, oldest first,
// with when that was set for the day (madeUnixMs) and when another row took its place.
struct ReplacedLot {
  ContractId contract;
  LotPeriod period;
  std::optional<std::int64_t> replacedUnixMs;
};
Result<std::vector<ReplacedLot>> replacedLots(sql::Database& database, ProviderId provider,
                                              const std::string& lot, std::int64_t day);

// The act makes a plan version too. Errors: LOT_OF_ANOTHER_CONTRACT, LOT_FROM_PAST,
// PLAN_ROWS_FOREIGN.
// A correction is said to the act.
Status putLots(sql::Database& database, ContractId contract, const ContractTerms& terms,
               const Clock& clock, event_log::OfficeAct& office);

}  // namespace doorstep::roster
