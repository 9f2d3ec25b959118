// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/measures/vector_functions.h"

#include <algorithm>
#include <functional>
#include <tuple>

#include "shared/visits/locked_plan.h"
#include "shared/visits/measure_files/column_value.h"
#include "shared/visits/measures/billing.h"
#include "shared/visits/measures/rule_parameters.h"

namespace doorstep::support {
namespace {

using namespace measures;

constexpr std::int64_t kLongAfterMs = 4'102'444'800'000;  // 2100

Json whole(Wide value) { return static_cast<std::int64_t>(value); }

Json refused(const Json& input) { return !readInput(input["params"], input["rows"]).ok(); }

Json classify(const Json& input) {
  const auto read = readInput(input["params"], input["rows"]);
  if (!read)
    return read.error().text;
  const std::vector<ClassifiedVisit> visits = measures::classify(read->visits, read->rules);
  std::vector<const ClassifiedVisit*> order;
  for (const ClassifiedVisit& visit : visits)
    order.push_back(&visit);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::tie(a->facts->provider, a->facts->visitId) <
           std::tie(b->facts->provider, b->facts->visitId);
  });
  Json answer = Json::array();
  const auto name = [](const auto& names, auto value) {
    return std::string(names[static_cast<std::size_t>(value)]);
  };
  for (const ClassifiedVisit* visit : order)
    for (const ClassifiedSlot& slot : visit->slots)
      answer.push_back({visit->facts->visitId, slot.facts->number,
                        name(kSlotClasses, slot.slotClass), name(kCauses, slot.cause),
                        name(kVisitClasses, visit->visitClass), name(kCauses, visit->cause),
                        name(kExclusions, visit->exclusion),
                        name(kPunctualities, visit->punctuality)});
  return answer;
}

// The only group of all visits.
Result<GroupFigures> figuresOf(const Json& input) {
  DOORSTEP_ASSIGN(const MeasureInput read, readInput(input["params"], input["rows"]));
  const MeasureQuery query;
  const Recomputation recomputation(read, query);
  return recomputation.figuresOf(recomputation.groups().begin()->second);
}

Json measure(const Json& input) {
  const auto figures = figuresOf(input);
  if (!figures)
    return figures.error().text;
  Json answer = Json::object();
  for (const Json& id : input["ids"])
    for (const NamedFigure& named : figures->figures)
      if (named.id == id)
        answer[named.id] = {whole(named.figure.numerator), whole(named.figure.denominator)};
  return answer;
}

Json flags(const Json& input) {
  const auto figures = figuresOf(input);
  if (!figures)
    return figures.error().text;
  Json answer = Json::array();
  for (std::size_t i = 0; i < kFlags.size(); ++i)
    if (figures->counts.flags[i] != 0)
      answer.push_back(kFlags[i]);
  return answer;
}

Result<Rules> rulesOfParams(const Json& params) {
  const auto file = measure_files::asTextFile("params", params.dump());
  DOORSTEP_ASSIGN(const auto value, measure_files::readJson(file));
  return measure_files::readParameters(file, value);
}

Json round(const Json& input) {
  const auto rules =
      rulesOfParams({{"rounding_mode", input["mode"]}, {"rounding_half", input["half"]}});
  return whole(rounded(input["ms"].get<std::int64_t>(),
                       Wide{input["unit_min"].get<std::int64_t>()} * kMinuteMs, rules->roundingMode,
                       rules->roundingHalf));
}

Json band(const Json& input) {
  const auto rules = rulesOfParams({{"bands", input["bands"]}, {"rounding_unit_min", 1}});
  return banded(input["minutes"].get<std::int64_t>(), rules->bands);
}

std::string textOf(const Json& input, const char* name) { return input[name].get<std::string>(); }

Json local(const Json& input) {
  const LocalTime time = localTime(*parseUtc(textOf(input, "utc")));
  std::string text = utcText(time.day * kDayMs + time.msOfDay);
  text.pop_back();
  return text;
}

Json serviceDayOf(const Json& input) {
  return dayText(serviceDay(*parseUtc(textOf(input, "utc")), *parseClock(textOf(input, "start"))));
}

Json clockToUtc(const Json& input) {
  return utcText(
      clockToUtcMs(*parseDay(textOf(input, "day")), *parseClock(textOf(input, "clock"))));
}

Json week(const Json& input) {
  const auto rules = rulesOfParams({{"week_start", input["week_start"]}});
  return dayText(weekOf(*parseDay(textOf(input, "day")), rules->weekStart));
}

Json quantileOf(const Json& input) {
  auto values = input["values"].get<std::vector<std::int64_t>>();
  std::sort(values.begin(), values.end());
  const Figure figure = quantile(values, input["percent"].get<int>(), 1);
  return figure.denominator == 0 ? Json() : whole(figure.numerator);
}

Json decimal(const Json& input) {
  const Figure figure{input["numerator"].get<std::int64_t>(),
                      input["denominator"].get<std::int64_t>()};
  return figure.denominator == 0 ? Json() : Json(decimalText(figure));
}

Json ruleAt(const Json& input) {
  RuleBook book;
  for (const Json& given : input["versions"]) {
    RuleVersion version;
    version.number = given[0].get<std::int64_t>();
    version.effectiveFrom = *parseDay(given[1].get<std::string>());
    if (!given[2].is_null())
      version.effectiveTo = *parseDay(given[2].get<std::string>());
    book.add("K1", std::move(version));
  }
  const RuleVersion* found = book.at("K1", *parseDay(textOf(input, "day")));
  return found ? Json(found->number) : Json();
}

Json lock(const Json& input) {
  std::vector<visits::PublishedPlan> versions;
  for (const Json& given : input["versions"]) {
    visits::PublishedPlan version;
    version.publishedUnixMs = *parseUtc(textOf(given, "published"));
    version.windowStartUnixMs = *parseUtc(textOf(given, "start"));
    version.windowEndUnixMs = version.windowStartUnixMs;
    version.durationMin = 30;
    versions.push_back(version);
  }
  const visits::PlanLock found = visits::lockPlan(versions, kLongAfterMs);
  return {found.judging + 1, utcText(found.lockedUnixMs.value_or(0))};
}

}  // namespace

Json answerOf(const std::string& function, const Json& input) {
  static const std::map<std::string, std::function<Json(const Json&)>> functions{
      {"classify", classify},   {"measure", measure}, {"flags", flags},
      {"refused", refused},     {"round", round},     {"band", band},
      {"local", local},         {"week", week},       {"service_day", serviceDayOf},
      {"quantile", quantileOf}, {"decimal", decimal}, {"clock_to_utc", clockToUtc},
      {"rule_at", ruleAt},      {"lock", lock},
  };
  const auto found = functions.find(function);
  return found == functions.end() ? Json() : found->second(input);
}

}  // namespace doorstep::support
