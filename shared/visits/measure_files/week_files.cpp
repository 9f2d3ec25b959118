// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/week_files.h"

#include <array>
#include <set>
#include <string>
#include <utility>

#include "shared/visits/measure_files/csv_table.h"

namespace doorstep::measure_files {
namespace {

using namespace measures;
using Kind = ValueKind;

enum WeekColumn {
  kContract,
  kProvider,
  kLot,
  kPatch,
  kTier,
  kRole,
  kKind,
  kModel,
  kPurchase,
  kPerson,
  kWeek,
  kMinutes,
};

std::array<ColumnSpec, 12> weekSpecs(std::string_view minutes) {
  return {{{"contract_id"},
           {"provider"},
           {"lot"},
           {"patch"},
           {"tier"},
           {"provider_role", Kind::Choice, kProviderRoles},
           {"service_kind", Kind::Choice, kServiceKinds},
           {"model", Kind::Choice, kCareModels},
           {"purchase", Kind::Choice, kPurchases},
           {"person_pseudonym"},
           {"week_start", Kind::Day},
           {minutes, Kind::Number}}};
}

void setChoice(WeekMinutes& row, std::size_t column, int choice) {
  if (column == kRole)
    row.providerRole = static_cast<ProviderRole>(choice);
  else if (column == kKind)
    row.serviceKind = static_cast<ServiceKind>(choice);
  else if (column == kModel)
    row.model = static_cast<CareModel>(choice);
  else if (column == kPurchase)
    row.purchase = static_cast<Purchase>(choice);
}

Result<std::vector<WeekMinutes>> readWeeks(const TextFile& file, std::string_view minutes) {
  const auto specs = weekSpecs(minutes);
  CsvTable table(file, specs);
  DOORSTEP_TRY(table.readHeader());
  std::vector<WeekMinutes> rows;
  ColumnValue value;
  while (true) {
    DOORSTEP_ASSIGN(const bool any, table.next());
    if (!any)
      return rows;
    WeekMinutes row;
    for (const std::size_t column : table.order()) {
      DOORSTEP_TRY(table.read(column, value));
      if (column == kWeek)
        row.weekStart = value.day;
      else if (column == kMinutes)
        row.minutes = value.number;
      else if (specs[column].kind == Kind::Choice)
        setChoice(row, column, value.choice);
    }
    row.contractId = table.text(kContract);
    row.provider = table.text(kProvider);
    row.lot = table.text(kLot);
    row.patch = table.text(kPatch);
    row.tier = table.text(kTier);
    row.person = table.text(kPerson);
    rows.push_back(std::move(row));
  }
}

enum PersonColumn { kOwner, kName, kStart, kPriorities, kHow, kContingency, kReviews };

constexpr std::array<ColumnSpec, 7> kPersonSpecs{{{"contract_id"},
                                                  {"person_pseudonym"},
                                                  {"service_start", Kind::Day},
                                                  {"priorities_in_plan", Kind::Flag},
                                                  {"priorities_how", Kind::Flag},
                                                  {"contingency_in_plan", Kind::Flag},
                                                  {"reviews", Kind::Days}}};

void setPerson(PersonFacts& person, std::size_t column, ColumnValue& value) {
  switch (column) {
    case kOwner:
      person.contractId = value.text;
      break;
    case kName:
      person.person = value.text;
      break;
    case kStart:
      person.serviceStart = value.day;
      break;
    case kPriorities:
      person.prioritiesInPlan = value.flag;
      break;
    case kHow:
      person.prioritiesHow = value.flag;
      break;
    case kContingency:
      person.contingencyInPlan = value.flag;
      break;
    case kReviews:
      person.reviews = std::move(value.days);
      break;
    default:
      break;
  }
}

}  // namespace

Result<std::vector<WeekMinutes>> readPackages(const TextFile& file) {
  return readWeeks(file, "commissioned_min");
}

Result<std::vector<WeekMinutes>> readInvoices(const TextFile& file) {
  return readWeeks(file, "invoiced_min");
}

Result<std::vector<PersonFacts>> readPeople(const TextFile& file) {
  CsvTable table(file, kPersonSpecs);
  DOORSTEP_TRY(table.readHeader());
  std::vector<PersonFacts> people;
  std::set<std::pair<std::string, std::string>> known;
  ColumnValue value;
  while (true) {
    DOORSTEP_ASSIGN(const bool any, table.next());
    if (!any)
      return people;
    PersonFacts person;
    for (const std::size_t column : table.order()) {
      DOORSTEP_TRY(table.read(column, value));
      setPerson(person, column, value);
    }
    if (!known.emplace(person.contractId, person.person).second)
      return table.fault(kName, shownValue(person.person) + " of this contract stands twice");
    people.push_back(std::move(person));
  }
}

}  // namespace doorstep::measure_files
