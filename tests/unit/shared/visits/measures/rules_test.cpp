// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/rules.h"

#include <catch2/catch.hpp>
#include <set>

#include "shared/visits/measures/measure_table.h"
#include "shared/visits/measures/rule_parameters.h"

using namespace doorstep::measures;

TEST_CASE("the default of every parameter is within its bounds, and no name stands twice") {
  const Rules rules;
  std::set<std::string_view> names;
  for (const RuleParameter& parameter : ruleParameters()) {
    CHECK(names.insert(parameter.name).second);
    CHECK(findRuleParameter(parameter.name) == &parameter);
    if (const auto* whole = std::get_if<WholeForm>(&parameter.form)) {
      CHECK(rules.*whole->member >= whole->least);
      CHECK(rules.*whole->member <= kRuleNumberMax);
    } else if (const auto* clock = std::get_if<ClockForm>(&parameter.form)) {
      CHECK(rules.*clock->member >= clock->first);
      CHECK(rules.*clock->member <= clock->last);
    } else if (const auto* choice = std::get_if<ChoiceForm>(&parameter.form)) {
      CHECK(choice->get(rules) < static_cast<int>(choice->names.size()));
    }
  }
  CHECK_FALSE(contradiction(rules));
}

TEST_CASE("rules that contradict each other are named") {
  Rules rules;
  rules.bands = {{0, 10, 10}};
  CHECK(contradiction(rules));
  rules.roundingUnitMin = 1;
  CHECK_FALSE(contradiction(rules));
  rules.roundingStage = RoundingStage::Day;
  CHECK(contradiction(rules));
  Rules pool;
  pool.deliveredCap = DeliveredCap::WeeklyPool;
  pool.roundingStage = RoundingStage::Month;
  CHECK(contradiction(pool));
  Rules targets;
  targets.continuityTargets.clear();
  CHECK(contradiction(targets));
}

TEST_CASE("a contract with an entry is never served by the rules for all") {
  RuleBook book;
  book.add("*", {1, 0, std::nullopt, {}});
  book.addContract("K1");
  CHECK(book.at("K2", 5) != nullptr);
  CHECK(book.at("", 5) != nullptr);
  CHECK(book.at("K1", 5) == nullptr);
  CHECK(book.at("K2", -1) == nullptr);
}

TEST_CASE("every measure is computed in one way, under an id of its own") {
  std::set<std::string_view> ids;
  for (const Measure& measure : measureTable()) {
    CHECK(ids.insert(measure.id).second);
    CHECK((measure.ofVisit ? 1 : 0) + (measure.ofGroup ? 1 : 0) + (measure.percent > 0 ? 1 : 0) ==
          1);
    CHECK(measure.id.rfind(kRechargePrefix, 0) != 0);
  }
}
