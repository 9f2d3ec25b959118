// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/files/packages_csv.h"

#include "shared/visits/measures/civil_time.h"
#include "shared/visits/measures/visit_facts.h"
#include "sync-server/commissioning/week_minutes.h"
#include "sync-server/records/files/export_row.h"
#include "sync-server/records/rules/rule_book.h"

namespace doorstep::records {
namespace {

template <typename Names, typename Enum>
std::string_view nameOf(const Names& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

std::string lineOf(const measures::WeekMinutes& week, const std::string& person) {
  ExportRow row(packageColumns());
  row.text(week.contractId);
  row.text(week.provider);
  row.text(week.lot);
  row.text(week.patch);
  row.text(week.tier);
  row.code(nameOf(measures::kProviderRoles, week.providerRole));
  row.code(nameOf(measures::kServiceKinds, week.serviceKind));
  row.code(nameOf(measures::kCareModels, week.model));
  row.code(nameOf(measures::kPurchases, week.purchase));
  row.code(person);
  row.day(measures::dayText(week.weekStart));
  row.number(week.minutes);
  return row.csv();
}

}  // namespace

std::string packagesHeader() { return csvHeaderOf(packageColumns()); }

Status packagesCsv(sql::Database& database, const roster::Contract& contract,
                   const PackageWeeks& weeks, Pseudonyms& pseudonyms,
                   const std::function<Status(const std::string& lines)>& take) {
  const measures::RuleBook book = ruleBook(contract.ref, contract);
  const measures::RuleVersion* version = book.at(contract.ref, weeks.firstDay);
  const int weekStart = version == nullptr ? 0 : version->rules.weekStart;
  const auto weekOf = [&](std::int64_t day) { return measures::weekOf(day, weekStart); };
  return commissioning::weekMinutes(
      database, contract, {weeks.firstDay, weeks.lastDay, weekOf},
      [&](ProviderId, PersonId person, const std::vector<measures::WeekMinutes>& rows) -> Status {
        std::string lines;
        for (const measures::WeekMinutes& row : rows)
          lines += lineOf(row, pseudonyms.of(contract.id, person));
        return take(lines);
      });
}

}  // namespace doorstep::records
