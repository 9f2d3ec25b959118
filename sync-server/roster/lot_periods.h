// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/core/clock.h"
#include "shared/sql/database.h"
#include "sync-server/roster/provider_setup.h"

namespace doorstep::roster {

// Writes which lots a provider has of a contract, from when and in which role (contract_provider).
// A row is never changed: another one takes its place with the plan version that is being made, and
// both stay. Called by ensureContract. Inside a write job. Thread: the connection's.

// Errors: LOT_OF_ANOTHER_CONTRACT, LOT_FROM_PAST.
Status putLots(sql::Database& database, ContractId contract, const ContractTerms& terms,
               const Clock& clock);

}  // namespace doorstep::roster
