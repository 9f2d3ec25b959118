// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/commissioned/commissioned_scope.h"

#include <algorithm>
#include <utility>

#include "shared/core/local_time.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {

using commissioning::CommissionedRow;
using commissioning::Kind;
using identity::Role;

namespace {

const Error kOtherContract{ErrorCode::PermissionDenied, "OTHER_CONTRACT",
                           "the row has days that are not under a contract of the caller"};

}  // namespace

Result<ProviderId> askedProvider(const identity::AccountCaller& caller, std::uint64_t asked) {
  if (caller.role != Role::Council)
    return identity::providerFor(caller, ProviderId(asked));
  if (asked == 0)
    return Error{ErrorCode::InvalidArgument, "PROVIDER_MISSING", "say which provider"};
  return ProviderId(asked);
}

RowScope::RowScope(sql::Database& database, VisibleContracts visible, roster::PersonReader people,
                   const identity::AccountCaller& caller, ProviderId provider, RecordFilter filter)
    : database_(&database),
      visible_(std::move(visible)),
      people_(std::move(people)),
      caller_(caller),
      provider_(provider),
      filter_(std::move(filter)) {}

Result<RowScope> RowScope::open(sql::Database& database, const identity::AccountCaller& caller,
                                ProviderId provider, ContractId contract) {
  DOORSTEP_ASSIGN(auto contracts, roster::contracts(database));
  DOORSTEP_ASSIGN(auto people, roster::PersonReader::open(database));
  RecordFilter filter;
  if (contract)
    filter.contract = contract;
  return RowScope(database, VisibleContracts(caller, std::move(contracts)), std::move(people),
                  caller, provider, std::move(filter));
}

const roster::Contract* RowScope::contract(std::uint64_t id) const {
  for (const roster::Contract& each : visible_.contracts())
    if (each.id.value == id && roster::covers(each, provider_))
      return &each;
  return nullptr;
}

bool RowScope::seesProvider() const {
  const auto& contracts = visible_.contracts();
  return caller_.role != Role::Council ||
         std::any_of(contracts.begin(), contracts.end(),
                     [&](const roster::Contract& each) { return roster::covers(each, provider_); });
}

bool RowScope::includes(const std::vector<roster::PersonTerms>& terms, std::int64_t day) const {
  return visible_.includes(filter_, provider_, roster::termsOn(terms, day).lot,
                           londonDayBeginUnixMs(day));
}

// The days on which the person's terms, or the contract of a lot of hers, begin within the row.
std::vector<std::int64_t> RowScope::daysOf(const CommissionedRow& row,
                                           const std::vector<roster::PersonTerms>& terms) const {
  std::vector<std::int64_t> days{row.fromDay};
  for (const roster::PersonTerms& each : terms)
    days.push_back(each.fromDay);
  for (const roster::Contract& each : visible_.lots().contracts())
    for (const roster::LotPeriod& period : each.periods)
      if (period.provider == provider_)
        days.push_back(period.fromDay);
  std::erase_if(days, [&](std::int64_t day) { return !row.holdsOn(day); });
  return days;
}

Result<bool> RowScope::seesPerson(const CommissionedRow& row, bool onEachDay) {
  DOORSTEP_ASSIGN(const auto person, people_.of(provider_, PersonId(row.key.subject)));
  const auto included = [&](std::int64_t day) { return includes(person.terms, day); };
  const auto days = daysOf(row, person.terms);
  return onEachDay ? std::all_of(days.begin(), days.end(), included)
                   : std::any_of(days.begin(), days.end(), included);
}

Result<bool> RowScope::maySee(const CommissionedRow& row) {
  if (isOfPerson(row.key.kind))
    return seesPerson(row, false);
  if (isOfContract(row.key.kind))
    return contract(row.key.subject) != nullptr;
  return seesProvider();
}

Status RowScope::checkContract(const CommissionedRow& row) const {
  const roster::Contract* found = contract(row.key.subject);
  if (found == nullptr)
    return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "the provider has no such contract"};
  const bool hasLot = row.key.kind != Kind::Lot || std::find(found->lots.begin(), found->lots.end(),
                                                             row.key.name) != found->lots.end();
  return hasLot ? Status(kDone) : Status(Error{ErrorCode::NotFound, "LOT_UNKNOWN", "no such lot"});
}

Status RowScope::checkWrite(const CommissionedRow& row) {
  if (isOfPerson(row.key.kind)) {
    DOORSTEP_ASSIGN(const bool all, seesPerson(row, true));
    return all ? Status(kDone) : Status(kOtherContract);
  }
  if (isOfContract(row.key.kind))
    return checkContract(row);
  if (row.key.kind == Kind::Commissioner) {
    DOORSTEP_TRY(roster::council(*database_, CouncilId(row.key.subject)));
    const bool own = caller_.role == Role::Operator || caller_.council.value == row.key.subject;
    return own ? Status(kDone) : Status(kOtherContract);
  }
  return seesProvider() ? Status(kDone) : Status(kOtherContract);
}

Result<std::string> RowScope::subjectRef(const CommissionedRow& row) {
  if (isOfPerson(row.key.kind)) {
    DOORSTEP_ASSIGN(const auto found, person(PersonId(row.key.subject)));
    return found.person.ref;
  }
  if (isOfContract(row.key.kind))
    return contract(row.key.subject)->ref;
  if (row.key.kind != Kind::Commissioner)
    return std::string();
  DOORSTEP_ASSIGN(const auto council, roster::council(*database_, CouncilId(row.key.subject)));
  return council.name;
}

}  // namespace doorstep::records
