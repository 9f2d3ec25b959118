// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sync-server/roster/roster_store.h"

namespace doorstep::monitoring {

// Which contract a person's lot belongs to, and so which rules judge her visits. A snapshot of the
// contracts. Thread: a value; any for reading.
class ContractLots {
 public:
  explicit ContractLots(std::vector<roster::Contract> contracts);

  const std::vector<roster::Contract>& contracts() const { return contracts_; }
  // Null: no contract of the provider names the lot.
  const roster::Contract* contractOf(ProviderId provider, const std::string& lot) const;
  // Of the contract at the start of the window; the default rules for a lot without a contract.
  const visits::ContractRules& rulesOf(ProviderId provider, const std::string& lot,
                                       std::int64_t windowStartUnixMs) const;

 private:
  std::vector<roster::Contract> contracts_;
  std::map<std::pair<ProviderId, std::string>, std::size_t> byLot_;
};

}  // namespace doorstep::monitoring
