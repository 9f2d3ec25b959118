// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sync-server/roster/roster_store.h"

namespace doorstep::roster {

// Which contract a lot belongs to on a day, and so which council sees its visits and which rules
// judge them. A snapshot of the contracts: of all of a provider's, since a lot leaves a contract on
// the day that another one takes it over. Lots of the same name of two providers are two: each is
// asked about with its provider. Thread: a value; any for reading.
class ContractLots {
 public:
  explicit ContractLots(std::vector<Contract> contracts);

  const std::vector<Contract>& contracts() const { return contracts_; }
  // On the time's local day. Null: no contract of the provider has the lot then.
  const Contract* contractOf(ProviderId provider, const std::string& lot,
                             std::int64_t atUnixMs) const;
  // Lead, supplementary or contingency in the lot on that day. Empty: not given.
  std::string roleOf(ProviderId provider, const std::string& lot, std::int64_t atUnixMs) const;
  // The provider's period of the lot at the moment. Null: no contract has the lot then.
  const LotPeriod* lotPeriodOf(ProviderId provider, const std::string& lot,
                               std::int64_t atUnixMs) const;
  // Of the contract at the moment; measures::unstatedRules for a lot without a contract.
  const measures::RuleVersion& rulesOf(ProviderId provider, const std::string& lot,
                                       std::int64_t atUnixMs) const;

 private:
  struct Period {
    std::int64_t fromDay = 0;
    std::size_t contract = 0;  // index of contracts_
    std::size_t place = 0;     // index of its periods
  };
  const Period* periodOf(ProviderId provider, const std::string& lot, std::int64_t atUnixMs) const;

  std::vector<Contract> contracts_;
  std::map<std::pair<ProviderId, std::string>, std::vector<Period>> byLot_;  // by fromDay
};

}  // namespace doorstep::roster
