// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/files/measures_file.h"

#include <array>
#include <string_view>

#include "shared/visits/measure_files/json_text.h"
#include "shared/visits/measure_files/measures_json.h"
#include "shared/visits/measures/measure_table.h"
#include "sync-server/records/figures/measure_reading.h"
#include "sync-server/records/files/measure_definitions.h"

namespace doorstep::records {
namespace {

using measures::Measure;

std::string_view kindOf(const Measure& measure) {
  if (measure.isQuantile())
    return "quantile";
  return measure.ofVisit != nullptr ? "sum_over_visits" : "of_group";
}

std::string_view unitName(measures::Unit unit) {
  constexpr std::array<std::string_view, 5> kNames{"share", "minutes", "seconds", "carers",
                                                   "changes"};
  return kNames[static_cast<std::size_t>(unit)];
}

std::string_view needsOf(const Measure& measure) {
  constexpr std::array<std::string_view, 5> kNames{"visits", "packages", "invoices",
                                                   "packages_and_invoices", "people"};
  return kNames[static_cast<std::size_t>(measure.needs)];
}

void append(std::string& out, std::string_view key, std::string_view text) {
  measure_files::appendJsonText(out, key);
  out += ':';
  measure_files::appendJsonText(out, text);
}

std::string definitionsJson() {
  std::string out = "[";
  for (const Measure& measure : measures::measureTable()) {
    if (out.back() != '[')
      out += ',';
    const MeasureDefinition* words = findDefinition(measure.id);
    out += '{';
    if (words != nullptr) {
      append(out, "definition", words->says);
      out += ',';
    }
    append(out, "id", measure.id);
    out += ',';
    append(out, "kind", kindOf(measure));
    out += ',';
    if (words != nullptr) {
      append(out, "name", words->name);
      out += ',';
    }
    append(out, "needs", needsOf(measure));
    out += ',';
    append(out, "unit", unitName(measures::unitOf(measure)));
    out += '}';
  }
  return out + ']';
}

}  // namespace

Result<std::string> measuresFile(const Reading& reading, const MeasuresAsked& asked) {
  v1::MeasureFilter filter;
  filter.set_contract_id(asked.contract.value);
  filter.set_provider_id(asked.provider.value);
  filter.set_first_day(measures::dayText(asked.firstDay));
  filter.set_last_day(measures::dayText(asked.lastDay));
  DOORSTEP_ASSIGN(const auto measured, MeasureReading::open(reading, filter, {}));
  const measures::MeasureQuery query{{}, asked.firstDay, asked.lastDay};
  measure_files::FileCounts counts;
  counts.rows = static_cast<std::int64_t>(asked.rows);
  DOORSTEP_ASSIGN(std::string values,
                  measure_files::measuresJson(measured->recomputation(), query, counts));
  values.pop_back();  // the line feed
  return "{\"definitions\":" + definitionsJson() +
         ",\"schema\":\"doorstep-measures-file/1\",\"values\":" + values + "}\n";
}

Result<measures::DayNumber> daysAround(const Reading& reading, ContractId contract) {
  DOORSTEP_ASSIGN(const auto all, roster::contracts(reading.database));
  const VisibleContracts visible(reading.caller, all);
  for (const roster::Contract& each : visible.contracts())
    if (each.id == contract)
      return reachDays(each);
  return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "not a contract that the caller may see"};
}

}  // namespace doorstep::records
