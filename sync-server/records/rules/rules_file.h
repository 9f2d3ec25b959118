// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shared/core/result.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {

// The rules of contracts as rules.json: what doorstep-recompute needs beside an export to compute
// the same figures. Visits without a contract have the rules of `*`. Parameters that a contract
// here does not have stand as the records' judgement takes them (docs/measures.md). Error:
// FAILED_PRECONDITION (CONTRACT_AMBIGUOUS) when two contracts have one ref. Pure. Thread: any.
Result<std::string> rulesFile(const std::vector<roster::Contract>& contracts);

}  // namespace doorstep::records
