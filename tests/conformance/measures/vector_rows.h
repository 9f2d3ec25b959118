// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "shared/visits/measure_files/rules_file.h"
#include "shared/visits/measure_files/visit_columns.h"
#include "shared/visits/measure_files/visits_file.h"
#include "shared/visits/measures/recomputation.h"

namespace doorstep::support {

// Rows of visits.csv from JSON objects that name only some columns, as measure vectors have them,
// and rules from the parameters of one version: through the readers of the real files.

using Json = nlohmann::json;

inline const std::map<std::string, std::string>& rowDefaults() {
  static const std::map<std::string, std::string> defaults{
      {"schema_version", "2"},
      {"tz", "Europe/London"},
      {"provider", "Ashdown Care"},
      {"contract_id", "K1"},
      {"lot", "L1"},
      {"service_id", "PC"},
      {"carer_slot", "1"},
      {"carers_required", "1"},
      {"service_kind", "day"},
      {"person_pseudonym", "p1"},
      {"exported_utc", "2026-12-31T00:00:00.000Z"},
      {"time_critical", "false"},
      {"short_visit_agreed", "false"},
      {"late_alert_proven_false", "false"},
  };
  return defaults;
}

inline std::string csvField(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text)
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

inline std::string csvOf(const Json& rows) {
  std::string csv;
  for (const auto& column : measure_files::visitColumns())
    csv += (csv.empty() ? "" : ",") + std::string(column.spec.name);
  csv += "\n";
  for (const Json& row : rows) {
    std::map<std::string, std::string> values = rowDefaults();
    values.erase("");
    for (const auto& [name, value] : row.items())
      values[name] = value.get<std::string>();
    for (const std::string end : {"start", "end"})
      if (!row.contains("ruled_" + end + "_utc"))
        values["ruled_" + end + "_utc"] = values["raw_" + end + "_utc"];
    std::string line;
    for (const auto& column : measure_files::visitColumns())
      line += (line.empty() ? "" : ",") + csvField(values[std::string(column.spec.name)]);
    csv += line + "\n";
  }
  return csv;
}

inline std::string rulesOf(const Json& params) {
  const Json version{{"rule_version", 1},
                     {"effective_from", "2000-01-01"},
                     {"effective_to", nullptr},
                     {"params", params}};
  return Json{{"schema", "doorstep-rules/1"},
              {"tz", "Europe/London"},
              {"contracts", {{{"contract_id", "*"}, {"versions", {version}}}}}}
      .dump();
}

inline Result<measures::MeasureInput> readInput(const Json& params, const Json& rows) {
  const auto rulesFile = measure_files::asTextFile("rules.json", rulesOf(params));
  measures::MeasureInput input;
  DOORSTEP_ASSIGN(input.rules, measure_files::readRules(rulesFile));
  const auto visitsFile = measure_files::asTextFile("visits.csv", csvOf(rows));
  DOORSTEP_ASSIGN(auto visits, measure_files::readVisits(visitsFile));
  input.visits = std::move(visits.visits);
  return input;
}

}  // namespace doorstep::support
