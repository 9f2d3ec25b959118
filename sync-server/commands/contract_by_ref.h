// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace doorstep::commands {

// What a command line's --provider and --contract name. 0: left out.
struct ContractChoice {
  ProviderId provider;
  ContractId contract;
};

// Empty: left out. Errors: NOT_FOUND (PROVIDER_UNKNOWN, CONTRACT_UNKNOWN), INVALID_ARGUMENT
// (CONTRACT_AMBIGUOUS). Thread: the connection's.
Result<ContractChoice> contractByRef(sql::Database& database, const std::string& provider,
                                     const std::string& contractRef);

}  // namespace doorstep::commands
