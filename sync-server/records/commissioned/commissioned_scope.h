// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "sync-server/commissioning/row_store.h"
#include "sync-server/identity/caller.h"
#include "sync-server/records/visible_contracts.h"
#include "sync-server/roster/person_terms.h"

namespace doorstep::records {

inline bool isOfPerson(commissioning::Kind kind) {
  return kind == commissioning::Kind::Package || kind == commissioning::Kind::Pause;
}
inline bool isOfContract(commissioning::Kind kind) {
  return kind == commissioning::Kind::Lot || kind == commissioning::Kind::Rate;
}

// Of whom a caller asks: a council names the provider, as an operator does; a supervisor has one.
// Errors: INVALID_ARGUMENT (PROVIDER_MISSING), PERMISSION_DENIED (OTHER_PROVIDER).
Result<ProviderId> askedProvider(const identity::AccountCaller& caller, std::uint64_t asked);

// Which rows of what is commissioned of one provider are a caller's: those of people under a
// contract that she sees, on some of the row's days to be read and on each of them to be written;
// those of such a contract; and those of a provider of one. A snapshot; lives for one call. Thread:
// the connection's.
class RowScope {
 public:
  // contract: rows of its people and of itself alone; none: of all that the caller sees.
  static Result<RowScope> open(sql::Database& database, const identity::AccountCaller& caller,
                               ProviderId provider, ContractId contract);

  ProviderId provider() const { return provider_; }
  // Null: the caller sees no such contract of the provider.
  const roster::Contract* contract(std::uint64_t id) const;
  bool seesProvider() const;
  bool hasFilter() const { return filter_.contract.has_value(); }
  // Whether a person with these terms is under such a contract on the day.
  bool includes(const std::vector<roster::PersonTerms>& terms, std::int64_t day) const;
  const roster::ContractLots& lots() const { return visible_.lots(); }

  // Error: PERSON_UNKNOWN.
  Result<bool> maySee(const commissioning::CommissionedRow& row);
  // Errors: PERMISSION_DENIED (OTHER_CONTRACT), NOT_FOUND (PERSON_UNKNOWN, CONTRACT_UNKNOWN,
  // LOT_UNKNOWN, COUNCIL_UNKNOWN).
  Status checkWrite(const commissioning::CommissionedRow& row);
  // The person's ref, the contract's, or the council's name, of a row that the caller may see.
  Result<std::string> subjectRef(const commissioning::CommissionedRow& row);
  Result<roster::PersonWithTerms> person(PersonId id) { return people_.of(provider_, id); }

 private:
  RowScope(sql::Database& database, VisibleContracts visible, roster::PersonReader people,
           const identity::AccountCaller& caller, ProviderId provider, RecordFilter filter);
  std::vector<std::int64_t> daysOf(const commissioning::CommissionedRow& row,
                                   const std::vector<roster::PersonTerms>& terms) const;
  Result<bool> seesPerson(const commissioning::CommissionedRow& row, bool onEachDay);
  Status checkContract(const commissioning::CommissionedRow& row) const;

  sql::Database* database_;
  VisibleContracts visible_;
  roster::PersonReader people_;
  identity::AccountCaller caller_;
  ProviderId provider_;
  RecordFilter filter_;
};

}  // namespace doorstep::records
