// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sync-server/identity/caller.h"
#include "sync-server/records/record_filter.h"
#include "sync-server/roster/contract_lots.h"

namespace doorstep::records {

// The records that a caller may see: the only place where a role becomes a scope. A council sees
// its own contracts, with any provider; a supervisor everything of her provider, an operator
// everything, both with or without a contract. Thread: a value; any for reading.
class VisibleContracts {
 public:
  VisibleContracts(const identity::AccountCaller& caller, std::vector<roster::Contract> all);

  // Contracts that the caller may see, by id; for a supervisor her provider's share of each.
  const std::vector<roster::Contract>& contracts() const { return visible_; }
  // Whether a visit at that time, of a person then in the lot, is visible and matches the filter
  // (except for its days).
  bool includes(const RecordFilter& filter, ProviderId provider, const std::string& lot,
                std::int64_t atUnixMs) const;
  // Providers that a query with the filter must read. all: all providers of the server.
  std::vector<ProviderId> providers(const RecordFilter& filter,
                                    const std::vector<ProviderId>& all) const;
  // Whether the caller is shown which carers were planned for the provider's visits.
  bool seesCarers(ProviderId provider) const { return seesWithoutContract(provider); }
  const roster::ContractLots& lots() const { return lots_; }

 private:
  bool seesWithoutContract(ProviderId provider) const;

  identity::AccountCaller caller_;
  roster::ContractLots lots_;  // of all contracts: rules do not depend on the caller
  std::vector<roster::Contract> visible_;
};

}  // namespace doorstep::records
