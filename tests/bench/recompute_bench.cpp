// SPDX-License-Identifier: Apache-2.0
// Recomputing a council's figures from its file: rows a second for reading, classifying and
// measuring, beside the floor of only splitting the same file into fields.
//
//   doorstep-bench-recompute [ROWS]   60,000 rows: two months of a small county
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "shared/core/durations.h"
#include "shared/visits/measure_files/csv_rows.h"
#include "shared/visits/measure_files/measures_json.h"
#include "shared/visits/measure_files/rules_file.h"
#include "shared/visits/measure_files/visit_columns.h"
#include "shared/visits/measure_files/visits_file.h"

namespace {

using namespace doorstep;
using Clock = std::chrono::steady_clock;

constexpr int kRows = 60'000;
constexpr int kPeople = 800;
constexpr int kCarers = 120;
constexpr int kVisitsADay = 1'000;
constexpr std::int64_t kFirstMs = 1'772'323'200'000;  // 2026-03-01T00:00Z
constexpr std::string_view kRules =
    R"({"schema":"doorstep-rules/1","tz":"Europe/London","contracts":[{"contract_id":"*","versions":
[{"rule_version":1,"effective_from":"2026-01-01","effective_to":null,"params":{"missed_rules":
["next_planned","day_cutoff","merged"],"rounding_unit_min":5,"rounding_stage":"week"}}]}]})";

// Visits of half an hour, mostly a few minutes late; one in thirty is missed.
std::string valueOf(std::string_view column, int row) {
  const std::int64_t planMs = kFirstMs + row / kVisitsADay * kDayMs + (7 + row % 12) * kHourMs;
  const std::int64_t cameMs = planMs + row * 7'919LL % 1'500'000;
  const bool missed = row % 30 == 7;
  const auto has = [&](std::string_view part) { return column.find(part) != column.npos; };
  if (column == "schema_version")
    return "2";
  if (column == "tz")
    return "Europe/London";
  if (column == "provider")
    return fmt::format("Provider {}", row % 5);
  if (column == "contract_id")
    return fmt::format("K{}", row % 3);
  if (column == "visit_id")
    return fmt::format("v{}", row);
  if (column == "carer_pseudonym")
    return fmt::format("c{}", row * 31 % kCarers);
  if (column == "person_pseudonym")
    return fmt::format("p{}", row % kPeople);
  if (column == "carer_slot" || column == "carers_required")
    return "1";
  if (column == "service_kind")
    return "day";
  if (column == "exported_utc")
    return "2026-12-31T00:00:00.000Z";
  if (has("plan_start") || has("commissioned_start"))
    return measures::utcText(planMs);
  if (has("plan_end") || has("commissioned_end"))
    return measures::utcText(planMs + 30 * kMinuteMs);
  if (missed)
    return "";
  if (column == "raw_start_utc" || column == "ruled_start_utc" || column == "start_received_utc")
    return measures::utcText(cameMs);
  if (column == "raw_end_utc" || column == "ruled_end_utc" || column == "end_received_utc")
    return measures::utcText(cameMs + (22 + row % 11) * kMinuteMs);
  if (has("_method"))
    return "nfc_tag";
  if (has("_grade") || has("_time_class"))
    return "A";
  return "";
}

std::string makeFile(int rows) {
  std::string text;
  for (const auto& column : measure_files::visitColumns())
    text += (text.empty() ? "" : ",") + std::string(column.spec.name);
  text += '\n';
  for (int row = 0; row < rows; ++row) {
    bool first = true;
    for (const auto& column : measure_files::visitColumns()) {
      if (!first)
        text += ',';
      first = false;
      text += valueOf(column.spec.name, row);
    }
    text += '\n';
  }
  return text;
}

double secondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void tell(const char* what, int rows, double seconds) {
  fmt::print("{:<36} {:>6.2f} s {:>10.0f} rows/s\n", what, seconds, rows / seconds);
}

}  // namespace

int main(int argc, char** argv) {
  const int rows = argc > 1 ? std::atoi(argv[1]) : kRows;
  const std::string text = makeFile(rows);
  fmt::print("{} rows, {:.1f} MB\n", rows, static_cast<double>(text.size()) / 1e6);
  auto begin = Clock::now();
  const auto file = measure_files::asTextFile("visits.csv", text);
  measure_files::CsvRows fields(file);
  for (auto any = fields.next(); any && *any;)
    any = fields.next();
  tell("floor: checked and split into fields", rows, secondsSince(begin));

  measures::MeasureInput input;
  input.rules =
      measure_files::readRules(measure_files::asTextFile("rules", std::string(kRules))).value();
  begin = Clock::now();
  const auto again = measure_files::asTextFile("visits.csv", text);
  input.visits = measure_files::readVisits(again).value().visits;
  const double read = secondsSince(begin);
  tell("read", rows, read);
  double whole = 0;
  for (const char* by : {"", "provider", "day"}) {
    measures::MeasureQuery query;
    if (*by)
      query.by.push_back(measures::findDimension(by));
    begin = Clock::now();
    const measures::Recomputation recomputation(input, query);
    const auto json = measure_files::measuresJson(recomputation, query, {}).value();
    whole = secondsSince(begin);
    tell(fmt::format("computed by {}", *by ? by : "nothing").c_str(), rows, whole);
  }
  tell("read and computed by day", rows, read + whole);
  return 0;
}
