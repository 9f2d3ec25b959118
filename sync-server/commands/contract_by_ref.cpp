// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/contract_by_ref.h"

#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::commands {

Result<ContractChoice> contractByRef(sql::Database& database, const std::string& provider,
                                     const std::string& contractRef) {
  ContractChoice choice;
  if (!provider.empty()) {
    DOORSTEP_ASSIGN(const auto found, roster::providerByName(database, provider));
    if (!found)
      return Error{ErrorCode::NotFound, "PROVIDER_UNKNOWN", "no provider has this name"};
    choice.provider = *found;
  }
  if (contractRef.empty())
    return choice;
  DOORSTEP_ASSIGN(const auto contracts, roster::contracts(database));
  for (const roster::Contract& contract : contracts) {
    const bool ofProvider = !choice.provider || roster::covers(contract, choice.provider);
    if (contract.ref != contractRef || !ofProvider)
      continue;
    if (choice.contract)
      return Error{ErrorCode::InvalidArgument, "CONTRACT_AMBIGUOUS",
                   "several contracts have this ref: add --provider"};
    choice.contract = contract.id;
  }
  if (!choice.contract)
    return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "no contract has this ref"};
  return choice;
}

}  // namespace doorstep::commands
