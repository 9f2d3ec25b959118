// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/contract_lots.h"

namespace doorstep::monitoring {

ContractLots::ContractLots(std::vector<roster::Contract> contracts)
    : contracts_(std::move(contracts)) {
  for (std::size_t index = 0; index < contracts_.size(); ++index) {
    for (const std::string& lot : contracts_[index].lots)
      byLot_.emplace(std::pair(contracts_[index].provider, lot), index);
  }
}

const roster::Contract* ContractLots::contractOf(ProviderId provider,
                                                 const std::string& lot) const {
  const auto found = byLot_.find({provider, lot});
  return found == byLot_.end() ? nullptr : &contracts_[found->second];
}

const visits::ContractRules& ContractLots::rulesOf(ProviderId provider, const std::string& lot,
                                                   std::int64_t windowStartUnixMs) const {
  static const visits::ContractRules kDefaultRules;
  const roster::Contract* contract = contractOf(provider, lot);
  return contract == nullptr ? kDefaultRules : roster::rulesAt(*contract, windowStartUnixMs);
}

}  // namespace doorstep::monitoring
