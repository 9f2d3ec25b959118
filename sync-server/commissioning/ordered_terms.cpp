// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/ordered_terms.h"

#include <utility>

#include "shared/core/local_time.h"
#include "sync-server/roster/contract_lots.h"

namespace doorstep::commissioning {

Result<bool> OrderedTermsReader::isAnythingSaid(ProviderId provider) {
  const auto known = said_.find(provider);
  if (known != said_.end())
    return known->second;
  DOORSTEP_ASSIGN(const std::uint64_t version, commissioningVersion(*database_, provider));
  return said_[provider] = version != 0;
}

Result<const std::vector<CommissionedRow>*> OrderedTermsReader::rows(Kind kind, ProviderId provider,
                                                                     std::uint64_t subject) {
  const Subject wanted{provider, subject};
  const auto known = kept_.find(kind);
  if (known != kept_.end() && known->second.subject == wanted)
    return &known->second.rows;
  DOORSTEP_ASSIGN(auto read, rowsOfSubject(*database_, provider, kind, subject));
  Kept& kept = kept_[kind];
  kept = {wanted, std::move(read)};
  return &kept.rows;
}

wire::RowContent OrderedTermsReader::contentOn(ProviderId provider, PersonId person,
                                               ContractId contract, std::int64_t day,
                                               std::vector<CommissionedRow>* seen) {
  return [=, this](Kind kind, std::string_view name) -> Result<std::optional<std::string_view>> {
    const std::uint64_t subject = kind == Kind::Lot ? contract.value : person.value;
    if (subject == 0)
      return std::optional<std::string_view>();
    DOORSTEP_ASSIGN(const auto* all, rows(kind, provider, subject));
    const CommissionedRow* row = rowOn(*all, name, day);
    if (row == nullptr)
      return std::optional<std::string_view>();
    if (seen != nullptr)
      seen->push_back(*row);
    return std::optional<std::string_view>(row->content);
  };
}

Result<OrderedTerms> OrderedTermsReader::of(ProviderId provider, PersonId person,
                                            const PackageChoice& choice, std::int64_t day,
                                            const roster::PersonTerms& terms, ContractId contract) {
  OrderedTerms ordered;
  ordered.tier = terms.tier;
  ordered.funderSplit = terms.funderSplit;
  DOORSTEP_ASSIGN(const bool isSaid, isAnythingSaid(provider));
  if (!isSaid)
    return ordered;
  const auto content = contentOn(provider, person, contract, day, nullptr);
  DOORSTEP_ASSIGN(static_cast<wire::OrderedPackage&>(ordered),
                  wire::orderedPackage(content, choice, terms.lot));
  return ordered;
}

Result<OrderedTerms> OrderedTermsReader::of(ProviderId provider, PersonId person,
                                            const PackageChoice& choice, std::int64_t day) {
  DOORSTEP_ASSIGN(auto people, roster::PersonReader::open(*database_));
  DOORSTEP_ASSIGN(const auto known, people.of(provider, person));
  DOORSTEP_ASSIGN(auto contracts, roster::contractsOfProvider(*database_, provider));
  const roster::ContractLots lots(std::move(contracts));
  const roster::PersonTerms& terms = roster::termsOn(known.terms, day);
  const roster::Contract* contract =
      lots.contractOf(provider, terms.lot, londonDayBeginUnixMs(day));
  return of(provider, person, choice, day, terms,
            contract == nullptr ? ContractId() : contract->id);
}

Result<std::vector<CommissionedRow>> OrderedTermsReader::rowsBehind(
    ProviderId provider, PersonId person, std::string_view service, std::int64_t day,
    const std::string& lot, ContractId contract) {
  std::vector<CommissionedRow> seen;
  DOORSTEP_ASSIGN(const bool isSaid, isAnythingSaid(provider));
  if (!isSaid)
    return seen;
  const auto content = contentOn(provider, person, contract, day, &seen);
  DOORSTEP_TRY(wire::orderedPackage(content, {{}, service}, lot));
  return seen;
}

Result<std::vector<measures::ServiceKind>> OrderedTermsReader::kindsOn(ProviderId provider,
                                                                       PersonId person,
                                                                       std::int64_t day) {
  return wire::orderedKinds(contentOn(provider, person, {}, day, nullptr));
}

}  // namespace doorstep::commissioning
