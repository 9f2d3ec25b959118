// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/ordered_terms.h"

#include <algorithm>

#include "doorstep/commissioning/v1/commissioned.pb.h"
#include "shared/core/local_time.h"
#include "sync-server/roster/contract_lots.h"

namespace doorstep::commissioning {
namespace {

namespace pb = doorstep::commissioning::v1;

Error damaged() {
  return {ErrorCode::DataLoss, "COMMISSIONED_DAMAGED",
          "a row of what is commissioned cannot be read"};
}

template <typename Message>
Result<Message> decode(const CommissionedRow& row) {
  Message message;
  if (!message.ParseFromString(row.content))
    return damaged();
  return message;
}

// A word that no release has written counts as not said.
template <typename Enum, typename List>
Enum named(const List& list, std::string_view word) {
  const auto found = std::find(list.begin(), list.end(), word);
  return found == list.end() ? Enum() : static_cast<Enum>(found - list.begin());
}

bool names(const pb::Package& package, std::string_view service) {
  return std::any_of(package.services().begin(), package.services().end(),
                     [&](const std::string& each) {
                       // A visit of two services is "s14+s5".
                       std::string_view rest = service;
                       while (!rest.empty()) {
                         const std::size_t end = std::min(rest.find('+'), rest.size());
                         if (rest.substr(0, end) == each)
                           return true;
                         rest.remove_prefix(std::min(end + 1, rest.size()));
                       }
                       return false;
                     });
}

// The package that a visit belongs to. Null: none.
const pb::Package* chosen(const std::vector<pb::Package>& packages, const PackageChoice& choice) {
  for (const pb::Package& package : packages) {
    if (choice.kind &&
        package.service_kind() == measures::kServiceKinds[static_cast<std::size_t>(*choice.kind)])
      return &package;
  }
  if (choice.kind)
    return nullptr;
  for (const pb::Package& package : packages)
    if (names(package, choice.service))
      return &package;
  for (const pb::Package& package : packages)
    if (package.services().empty())
      return &package;
  return packages.empty() || !choice.service.empty() ? nullptr : &packages.front();
}

// Those that hold on the day, in the order of the list of service kinds.
Result<std::vector<pb::Package>> packagesOn(const std::vector<CommissionedRow>& rows,
                                            std::int64_t day) {
  std::vector<pb::Package> found;
  for (const std::string_view kind : measures::kServiceKinds) {
    const CommissionedRow* row = rowOn(rows, kind, day);
    if (row == nullptr)
      continue;
    DOORSTEP_ASSIGN(auto package, decode<pb::Package>(*row));
    if (!package.service_kind().empty())  // else it was ended
      found.push_back(std::move(package));
  }
  return found;
}

}  // namespace

measures::ServiceKind serviceKindNamed(std::string_view word) {
  return named<measures::ServiceKind>(measures::kServiceKinds, word);
}

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

Result<measures::Rurality> OrderedTermsReader::ruralityOf(ProviderId provider, ContractId contract,
                                                          const std::string& lot,
                                                          const std::string& patch,
                                                          std::int64_t day) {
  using measures::Rurality;
  if (!contract || patch.empty())
    return Rurality::Unstated;
  DOORSTEP_ASSIGN(const auto* lots, rows(Kind::Lot, provider, contract.value));
  const CommissionedRow* row = rowOn(*lots, lot, day);
  if (row == nullptr)
    return Rurality::Unstated;
  DOORSTEP_ASSIGN(const auto description, decode<pb::LotDescription>(*row));
  for (const pb::Patch& each : description.patches())
    if (each.name() == patch)
      return named<Rurality>(measures::kRuralities, each.rurality());
  return Rurality::Unstated;
}

Result<measures::Suspension> OrderedTermsReader::suspensionOn(ProviderId provider, PersonId person,
                                                              std::string_view serviceKind,
                                                              std::int64_t day) {
  DOORSTEP_ASSIGN(const auto* pauses, rows(Kind::Pause, provider, person.value));
  for (const std::string_view name : {serviceKind, std::string_view()}) {
    const CommissionedRow* row = rowOn(*pauses, name, day);
    if (row == nullptr)
      continue;
    DOORSTEP_ASSIGN(const auto pause, decode<pb::PackagePause>(*row));
    if (!pause.reason().empty())
      return named<measures::Suspension>(measures::kSuspensions, pause.reason());
  }
  return measures::Suspension::No;
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
  DOORSTEP_ASSIGN(const auto* rowsOfPerson, rows(Kind::Package, provider, person.value));
  DOORSTEP_ASSIGN(const auto packages, packagesOn(*rowsOfPerson, day));
  const pb::Package* package = chosen(packages, choice);
  if (package == nullptr)
    return ordered;
  ordered.hasPackage = true;
  ordered.patch = package->patch();
  DOORSTEP_ASSIGN(ordered.rurality,
                  ruralityOf(provider, contract, terms.lot, package->patch(), day));
  ordered.serviceKind = serviceKindNamed(package->service_kind());
  ordered.model = named<measures::CareModel>(measures::kCareModels, package->model());
  ordered.purchase = named<measures::Purchase>(measures::kPurchases, package->purchase());
  ordered.arrangedBy = named<measures::ArrangedBy>(measures::kArrangedBy, package->arranged_by());
  DOORSTEP_ASSIGN(ordered.suspension, suspensionOn(provider, person, package->service_kind(), day));
  ordered.shortVisitAgreed = package->short_visit_agreed();
  ordered.shortVisitBasis =
      named<measures::ShortVisitBasis>(measures::kShortVisitBases, package->short_visit_basis());
  ordered.weekMinutes = package->week_minutes();
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

Result<std::vector<measures::ServiceKind>> OrderedTermsReader::kindsOn(ProviderId provider,
                                                                       PersonId person,
                                                                       std::int64_t day) {
  DOORSTEP_ASSIGN(const auto* rowsOfPerson, rows(Kind::Package, provider, person.value));
  DOORSTEP_ASSIGN(const auto packages, packagesOn(*rowsOfPerson, day));
  std::vector<measures::ServiceKind> kinds;
  for (const pb::Package& package : packages)
    kinds.push_back(serviceKindNamed(package.service_kind()));
  return kinds;
}

}  // namespace doorstep::commissioning
