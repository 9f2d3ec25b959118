// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/commissioned/commissioned_day.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "shared/core/local_time.h"
#include "shared/visits/measures/civil_time.h"
#include "sync-server/commissioning/limits.h"
#include "sync-server/records/commissioned/commissioned_row_message.h"
#include "sync-server/records/commissioned/commissioned_scope.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {
namespace {

namespace pb = doorstep::admin::v1;
using commissioning::CommissionedRow;
using commissioning::Kind;

constexpr std::uint32_t kPeopleDefault = 50;
constexpr std::uint32_t kPeopleMax = 200;
constexpr std::uint32_t kLookedAtMax = 2'000;  // people of one page: a large provider's
constexpr std::uint32_t kReadPage = 500;
constexpr std::string_view kUplift = "uplift/";

Result<std::int64_t> dayAsked(const std::string& text, std::int64_t nowUnixMs) {
  if (text.empty())
    return londonDayNumber(nowUnixMs);
  const auto day = measures::parseDay(text);
  if (!day || *day < 0 || *day > commissioning::kDayMax)
    return Error{ErrorCode::InvalidArgument, "DAY_FORMAT",
                 "a day is 2026-11-23, from 1970 to 2199"};
  return *day;
}

// A contract that the caller sees of a provider, on a day.
struct Asked {
  ProviderId provider;
  std::int64_t day = 0;
  const roster::Contract* contract = nullptr;  // of the scope
  RowScope scope;
};
template <class Request>
Result<Asked> readAsked(sql::Database& database, const identity::AccountCaller& caller,
                        const Request& request, std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(const ProviderId provider, askedProvider(caller, request.provider_id()));
  DOORSTEP_ASSIGN(const std::int64_t day, dayAsked(request.day(), nowUnixMs));
  DOORSTEP_ASSIGN(auto scope,
                  RowScope::open(database, caller, provider, ContractId(request.contract_id())));
  Asked asked{provider, day, nullptr, std::move(scope)};
  asked.contract = asked.scope.contract(request.contract_id());
  if (asked.contract == nullptr)
    return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "the provider has no such contract"};
  return asked;
}

// The rows of each name that hold on the day, by name. Rows that end something say nothing.
std::vector<const CommissionedRow*> rowsOn(const std::vector<CommissionedRow>& rows,
                                           std::int64_t day) {
  std::set<std::string_view> names;
  for (const CommissionedRow& row : rows)
    names.insert(row.key.name);
  std::vector<const CommissionedRow*> found;
  for (const std::string_view name : names) {
    const CommissionedRow* row = commissioning::rowOn(rows, name, day);
    if (row != nullptr && !row->content.empty())
      found.push_back(row);
  }
  return found;
}

bool isUplift(const CommissionedRow& row) { return row.key.name.starts_with(kUplift); }

// Of the service kind, that began in (after, upTo], by day; one of all kinds counts where none of
// the kind begins on its day.
std::vector<const CommissionedRow*> upliftsOf(const std::vector<CommissionedRow>& rows,
                                              std::string_view serviceKind, std::int64_t after,
                                              std::int64_t upTo) {
  std::map<std::int64_t, const CommissionedRow*> byDay;
  for (const CommissionedRow& row : rows) {
    if (row.replacedVersion || !isUplift(row) || row.fromDay <= after || row.fromDay > upTo)
      continue;
    const std::string_view kind = std::string_view(row.key.name).substr(kUplift.size());
    if (kind == serviceKind)
      byDay[row.fromDay] = &row;
    else if (kind.empty())
      byDay.try_emplace(row.fromDay, &row);
  }
  std::vector<const CommissionedRow*> found;
  for (const auto& [day, row] : byDay)
    found.push_back(row);
  return found;
}

// Both are within limits.h, so that nothing overflows but through many uplifts, which stop there.
std::uint32_t raised(std::uint32_t pence, std::int32_t upliftBp) {
  constexpr std::int64_t kWhole = 10'000;
  const std::int64_t scaled = static_cast<std::int64_t>(pence) * (kWhole + upliftBp);
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>((scaled + kWhole / 2) / kWhole, 0, UINT32_MAX));
}

void addLots(const Asked& asked, const std::vector<CommissionedRow>& rows,
             pb::GetCommissionedDayResponse& response) {
  const std::int64_t begin = londonDayBeginUnixMs(asked.day);
  for (const std::string& lot : asked.contract->lots) {
    const roster::Contract* holder = asked.scope.lots().contractOf(asked.provider, lot, begin);
    if (holder == nullptr || holder->id != asked.contract->id)
      continue;
    pb::LotOnDay& message = *response.add_lots();
    message.set_lot(lot);
    if (const auto* period = asked.scope.lots().lotPeriodOf(asked.provider, lot, begin)) {
      message.set_role(period->role);
      if (period->fromDay != roster::kFromAlways)
        message.set_role_from_day(measures::dayText(period->fromDay));
    }
    const CommissionedRow* row = commissioning::rowOn(rows, lot, asked.day);
    if (row == nullptr)
      continue;
    *message.mutable_description() = messageOf(*row);
    auto& outline = *message.mutable_description()->mutable_lot()->mutable_outline_geojson();
    message.set_outline_bytes(static_cast<std::uint32_t>(outline.size()));
    outline.clear();
  }
}

bool fits(std::string_view ref, std::string_view search) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::search(ref.begin(), ref.end(), search.begin(), search.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }) != ref.end();
}

// Adds the person, if she is under the contract on the day.
Status addPerson(sql::Database& database, Asked& asked, PersonId id,
                 pb::ListPackagesResponse& response) {
  DOORSTEP_ASSIGN(const auto person, asked.scope.person(id));
  if (!asked.scope.includes(person.terms, asked.day))
    return kDone;
  pb::PersonPackages& message = *response.add_people();
  message.set_person_id(id.value);
  message.set_person_ref(person.person.ref);
  const roster::PersonTerms& terms = roster::termsOn(person.terms, asked.day);
  message.set_lot(terms.lot);
  message.set_tier(terms.tier);
  message.set_funder_split(terms.funderSplit);
  for (const Kind kind : {Kind::Package, Kind::Pause}) {
    DOORSTEP_ASSIGN(const auto rows,
                    commissioning::rowsOfSubject(database, asked.provider, kind, id.value));
    for (const CommissionedRow* row : rowsOn(rows, asked.day)) {
      auto& told = kind == Kind::Package ? *message.add_packages() : *message.add_pauses();
      told = messageOf(*row);
      told.set_subject_ref(person.person.ref);
    }
  }
  return kDone;
}

}  // namespace

std::vector<pb::RateOnDay> ratesOn(const std::vector<CommissionedRow>& rows, std::int64_t day) {
  std::vector<pb::RateOnDay> found;
  for (const CommissionedRow* row : rowsOn(rows, day)) {
    if (isUplift(*row))
      continue;
    pb::RateOnDay& rate = found.emplace_back();
    *rate.mutable_rate() = messageOf(*row);
    std::uint32_t pence = rate.rate().rate().pence_per_hour();
    const std::string_view name = row->key.name;
    const std::string_view kind = name.substr(std::min(name.find('/') + 1, name.size()));
    for (const CommissionedRow* uplift : upliftsOf(rows, kind, row->fromDay, day)) {
      *rate.add_uplifts() = messageOf(*uplift);
      pence = raised(pence, rate.uplifts().rbegin()->rate().uplift_bp());
    }
    rate.set_pence_per_hour(pence);
  }
  return found;
}

Result<pb::GetCommissionedDayResponse> commissionedDay(sql::Database& database,
                                                       const identity::AccountCaller& caller,
                                                       const pb::GetCommissionedDayRequest& request,
                                                       std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(const Asked asked, readAsked(database, caller, request, nowUnixMs));
  const auto read = [&](Kind kind, std::uint64_t subject) {
    return commissioning::rowsOfSubject(database, asked.provider, kind, subject);
  };
  pb::GetCommissionedDayResponse response;
  response.set_day(measures::dayText(asked.day));
  DOORSTEP_ASSIGN(const std::uint64_t version,
                  commissioning::commissioningVersion(database, asked.provider));
  response.set_commissioning_version(version);
  response.set_may_set(caller.role != identity::Role::Supervisor);
  response.set_council_id(asked.contract->council.value);
  DOORSTEP_ASSIGN(const auto lots, read(Kind::Lot, asked.contract->id.value));
  addLots(asked, lots, response);
  DOORSTEP_ASSIGN(const auto ratings, read(Kind::Rating, 0));
  for (const CommissionedRow* row : rowsOn(ratings, asked.day))
    *response.add_ratings() = messageOf(*row);
  DOORSTEP_ASSIGN(const auto rates, read(Kind::Rate, asked.contract->id.value));
  for (auto& rate : ratesOn(rates, asked.day))
    *response.add_rates() = std::move(rate);
  for (const CommissionedRow* row : rowsOn(rates, asked.day))
    if (isUplift(*row))
      *response.add_uplifts() = messageOf(*row);
  DOORSTEP_ASSIGN(const auto bodies, read(Kind::Commissioner, asked.contract->council.value));
  if (const CommissionedRow* row = commissioning::rowOn(bodies, "", asked.day))
    *response.mutable_commissioner() = messageOf(*row);
  return response;
}

Result<PackagesPage> listPackages(sql::Database& database, const identity::AccountCaller& caller,
                                  const pb::ListPackagesRequest& request, PersonId after,
                                  std::int64_t nowUnixMs) {
  if (request.search().size() > roster::kRefBytesMax)
    return Error{ErrorCode::InvalidArgument, "SEARCH_FORMAT", "search for 64 bytes at most"};
  DOORSTEP_ASSIGN(Asked asked, readAsked(database, caller, request, nowUnixMs));
  PackagesPage page;
  page.response.set_day(measures::dayText(asked.day));
  DOORSTEP_ASSIGN(const std::uint64_t version,
                  commissioning::commissioningVersion(database, asked.provider));
  page.response.set_commissioning_version(version);
  const std::uint32_t size =
      std::min(request.page_size() == 0 ? kPeopleDefault : request.page_size(), kPeopleMax);
  std::uint32_t lookedAt = 0;
  while (true) {
    DOORSTEP_ASSIGN(const auto people, roster::people(database, asked.provider, after, kReadPage));
    for (const visits::Person& person : people) {
      after = person.id;
      ++lookedAt;
      if (fits(person.ref, request.search()))
        DOORSTEP_TRY(addPerson(database, asked, person.id, page.response));
      if (static_cast<std::uint32_t>(page.response.people_size()) == size ||
          lookedAt == kLookedAtMax) {
        page.next = after;
        return page;
      }
    }
    if (people.size() < kReadPage)
      return page;
  }
}

}  // namespace doorstep::records
