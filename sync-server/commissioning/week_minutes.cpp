// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/week_minutes.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "shared/core/local_time.h"
#include "sync-server/commissioning/limits.h"
#include "sync-server/commissioning/ordered_terms.h"
#include "sync-server/roster/contract_lots.h"

namespace doorstep::commissioning {
namespace {

constexpr std::int64_t kWeekDays = 7;

using measures::WeekMinutes;

auto termsOf(const WeekMinutes& row) {
  return std::tie(row.weekStart, row.serviceKind, row.lot, row.patch, row.tier, row.providerRole,
                  row.model, row.purchase);
}

measures::ProviderRole roleNamed(std::string_view word) {
  const auto& names = measures::kProviderRoles;
  const auto found = std::find(names.begin(), names.end(), word);
  return found == names.end() ? measures::ProviderRole::Unstated
                              : static_cast<measures::ProviderRole>(found - names.begin());
}

// A seventh of the week's minutes for the day'th of its days (0 to 6).
std::int64_t shareOfDay(std::int64_t weekMinutes, std::int64_t day) {
  return weekMinutes * (day + 1) / kWeekDays - weekMinutes * day / kWeekDays;
}

class PersonWeeks {
 public:
  PersonWeeks(sql::Database& database, const roster::Contract& contract, const WeekRange& range)
      : contract_(contract), range_(range), reader_(database) {}

  Result<std::vector<WeekMinutes>> of(const roster::ContractParty& party, PersonId person,
                                      const std::vector<roster::PersonTerms>& terms,
                                      const roster::ContractLots& lots) {
    std::vector<WeekMinutes> weeks;
    std::int64_t week = range_.weekOf(range_.firstDay);
    if (week < range_.firstDay)
      week += kWeekDays;
    for (; week <= range_.lastDay; week += kWeekDays)
      for (std::int64_t day = week; day < week + kWeekDays; ++day)
        DOORSTEP_TRY(addDay(party, person, roster::termsOn(terms, day), lots, week, day, weeks));
    return weeks;
  }

 private:
  Status addDay(const roster::ContractParty& party, PersonId person,
                const roster::PersonTerms& terms, const roster::ContractLots& lots,
                std::int64_t week, std::int64_t day, std::vector<WeekMinutes>& weeks) {
    const ProviderId provider = party.provider;
    const std::int64_t at = londonDayBeginUnixMs(day);
    const roster::Contract* contract = lots.contractOf(provider, terms.lot, at);
    if (contract == nullptr || contract->id != contract_.id)
      return kDone;
    DOORSTEP_ASSIGN(const auto kinds, reader_.kindsOn(provider, person, day));
    for (const measures::ServiceKind kind : kinds) {
      DOORSTEP_ASSIGN(const OrderedTerms ordered,
                      reader_.of(provider, person, {kind, {}}, day, terms, contract_.id));
      if (ordered.suspension != measures::Suspension::No)
        continue;
      WeekMinutes row;
      row.contractId = contract_.ref;
      row.provider = party.name;
      row.lot = terms.lot;
      row.patch = ordered.patch;
      row.tier = ordered.tier;
      row.providerRole = roleNamed(lots.roleOf(provider, terms.lot, at));
      row.serviceKind = kind;
      row.model = ordered.model;
      row.purchase = ordered.purchase;
      row.person = std::to_string(person.value);
      row.weekStart = week;
      row.minutes = shareOfDay(ordered.weekMinutes, day - week);
      add(std::move(row), weeks);
    }
    return kDone;
  }

  static void add(WeekMinutes row, std::vector<WeekMinutes>& weeks) {
    const auto place =
        std::lower_bound(weeks.begin(), weeks.end(), row,
                         [](const auto& a, const auto& b) { return termsOf(a) < termsOf(b); });
    if (place != weeks.end() && termsOf(*place) == termsOf(row))
      place->minutes += row.minutes;
    else
      weeks.insert(place, std::move(row));
  }

  const roster::Contract& contract_;
  const WeekRange& range_;
  OrderedTermsReader reader_;
};

// Calls each(person) for everybody of the provider with a package, by id.
Status forEachPerson(sql::Database& database, ProviderId provider,
                     const std::function<Status(PersonId)>& each) {
  std::optional<RowPlace> after;
  PersonId last;
  std::size_t seen = kPageRowsMax;
  while (seen == kPageRowsMax) {
    DOORSTEP_ASSIGN(const auto page,
                    rowsInForce(database, provider, Kind::Package, after, kPageRowsMax));
    seen = page.size();
    for (const CommissionedRow& row : page) {
      after = RowPlace{row.key, row.fromDay};
      const PersonId person(row.key.subject);
      if (person == last)
        continue;
      last = person;
      DOORSTEP_TRY(database.goOn());
      DOORSTEP_TRY(each(person));
    }
  }
  return kDone;
}

}  // namespace

Status weekMinutes(sql::Database& database, const roster::Contract& contract,
                   const WeekRange& range, const WeekSink& each) {
  DOORSTEP_ASSIGN(auto people, roster::PersonReader::open(database));
  PersonWeeks weeks(database, contract, range);
  for (const roster::ContractParty& party : contract.providers) {
    DOORSTEP_ASSIGN(auto contracts, roster::contractsOfProvider(database, party.provider));
    const roster::ContractLots lots(std::move(contracts));
    DOORSTEP_TRY(forEachPerson(database, party.provider, [&](PersonId person) -> Status {
      DOORSTEP_ASSIGN(const auto known, people.of(party.provider, person));
      DOORSTEP_ASSIGN(auto rows, weeks.of(party, person, known.terms, lots));
      return rows.empty() ? Status(kDone) : each(party.provider, person, std::move(rows));
    }));
  }
  return kDone;
}

}  // namespace doorstep::commissioning
