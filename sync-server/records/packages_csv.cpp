// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/packages_csv.h"

#include "shared/visits/measures/civil_time.h"
#include "shared/visits/measures/visit_facts.h"
#include "sync-server/commissioning/week_minutes.h"
#include "sync-server/records/csv_line.h"
#include "sync-server/records/rule_book.h"

namespace doorstep::records {
namespace {

template <typename Names, typename Enum>
std::string_view nameOf(const Names& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

std::string lineOf(const measures::WeekMinutes& week, const std::string& person) {
  CsvLine line;
  line.text(week.contractId);
  line.text(week.provider);
  line.text(week.lot);
  line.text(week.patch);
  line.text(week.tier);
  line.plain(nameOf(measures::kProviderRoles, week.providerRole));
  line.plain(nameOf(measures::kServiceKinds, week.serviceKind));
  line.plain(nameOf(measures::kCareModels, week.model));
  line.plain(nameOf(measures::kPurchases, week.purchase));
  line.plain(person);
  line.plain(measures::dayText(week.weekStart));
  line.number(week.minutes);
  return line.finish();
}

}  // namespace

std::string packagesHeader() {
  return "\xEF\xBB\xBF"
         "contract_id,provider,lot,patch,tier,provider_role,service_kind,model,purchase,"
         "person_pseudonym,week_start,commissioned_min\r\n";
}

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
