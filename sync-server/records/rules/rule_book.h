// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shared/core/strong_id.h"
#include "shared/visits/measures/rules.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {

// The name of a contract in stored facts and in rule books made for them; "" for none.
std::string contractKey(ContractId contract);

// What judges visits without a contract.
measures::RuleVersion defaultRules();

// The rules of all contracts, by contractKey; whatever has no contract is judged by the defaults.
// Pure. Thread: any.
measures::RuleBook ruleBook(const std::vector<roster::Contract>& contracts);

// Of one contract, under that name.
measures::RuleBook ruleBook(const std::string& name, const roster::Contract& contract);

}  // namespace doorstep::records
