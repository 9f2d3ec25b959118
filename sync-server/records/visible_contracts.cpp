// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/visible_contracts.h"

#include <algorithm>
#include <set>
#include <utility>

namespace doorstep::records {
namespace {

std::vector<roster::Contract> visibleTo(const identity::AccountCaller& caller,
                                        const std::vector<roster::Contract>& all) {
  std::vector<roster::Contract> visible;
  for (const roster::Contract& contract : all) {
    const auto& parties = contract.providers;
    if (std::none_of(parties.begin(), parties.end(), [&](const roster::ContractParty& party) {
          return identity::maySeeContract(caller, contract.council, party.provider);
        }))
      continue;
    const bool ownAlone = caller.role == identity::Role::Supervisor;
    visible.push_back(ownAlone ? roster::shareOf(contract, caller.provider) : contract);
  }
  return visible;
}

}  // namespace

VisibleContracts::VisibleContracts(const identity::AccountCaller& caller,
                                   std::vector<roster::Contract> all)
    : caller_(caller), lots_(std::move(all)), visible_(visibleTo(caller, lots_.contracts())) {}

bool VisibleContracts::includes(const RecordFilter& filter, ProviderId provider,
                                const std::string& lot, std::int64_t atUnixMs) const {
  if (filter.provider && *filter.provider != provider)
    return false;
  if (filter.lot && *filter.lot != lot)
    return false;
  const roster::Contract* contract = lots_.contractOf(provider, lot, atUnixMs);
  if (contract == nullptr)
    return !filter.contract && seesWithoutContract(provider);
  return identity::maySeeContract(caller_, contract->council, provider) &&
         (!filter.contract || contract->id == *filter.contract);
}

std::vector<ProviderId> VisibleContracts::providers(const RecordFilter& filter,
                                                    const std::vector<ProviderId>& all) const {
  std::set<ProviderId> found;
  for (const roster::Contract& contract : contracts()) {
    if (filter.contract && contract.id != *filter.contract)
      continue;
    for (const roster::ContractParty& party : contract.providers)
      found.insert(party.provider);
  }
  if (!filter.contract) {
    for (const ProviderId provider : all) {
      if (seesWithoutContract(provider))
        found.insert(provider);
    }
  }
  if (filter.provider)
    std::erase_if(found, [&](ProviderId provider) { return provider != *filter.provider; });
  return {found.begin(), found.end()};
}

bool VisibleContracts::seesWithoutContract(ProviderId provider) const {
  return caller_.role == identity::Role::Operator ||
         (caller_.role == identity::Role::Supervisor && caller_.provider == provider);
}

}  // namespace doorstep::records
