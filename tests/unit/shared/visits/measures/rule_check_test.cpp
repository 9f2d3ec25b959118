// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/rule_check.h"

#include <catch2/catch.hpp>
#include <functional>
#include <variant>

#include "shared/visits/measures/rule_parameters.h"

namespace doorstep::measures {
namespace {

struct Case {
  std::function<void(Rules&)> edit;
  std::string_view reason;
  std::vector<std::string_view> parameters;
};

void requireFault(const Case& each) {
  Rules rules;
  each.edit(rules);
  const auto faults = ruleFaults(rules);
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().reason == each.reason);
  CHECK(faults.front().parameters == each.parameters);
  for (const std::string_view parameter : each.parameters)
    CHECK(faults.front().text.find(parameter) != std::string::npos);
}

TEST_CASE("the defaults can be agreed") { CHECK(ruleFaults(Rules{}).empty()); }

TEST_CASE("every whole number is refused below and above its bounds") {
  for (const RuleParameter& parameter : ruleParameters()) {
    const auto* form = std::get_if<WholeForm>(&parameter.form);
    if (form == nullptr)
      continue;
    INFO(parameter.name);
    for (const std::int64_t value : {form->least - 1, form->most + 1, std::int64_t{1'000'000'000}})
      requireFault({[&](Rules& rules) { rules.*form->member = value; },
                    kNumberOutOfBounds,
                    {parameter.name}});
    for (const std::int64_t value : {form->least, form->most}) {
      Rules rules;
      rules.*form->member = value;
      for (const RuleFault& fault : ruleFaults(rules))
        CHECK(fault.reason == kRulesContradict);
    }
  }
}

TEST_CASE("lists that nothing could be read from are refused") {
  requireFault({[](Rules& r) {
                  r.exemptReasons = {"P4", "P4"};
                },
                kListUnusable,
                {"exempt_reasons"}});
  requireFault({[](Rules& r) { r.exemptReasons = {"P4, P5"}; }, kListUnusable, {"exempt_reasons"}});
  requireFault({[](Rules& r) { r.shortExemptReasons.assign(65, "P1"); },
                kListUnusable,
                {"short_exempt_reasons"}});
  requireFault({[](Rules& r) { r.continuityTargets.clear(); },
                kCarerTargetsUnusable,
                {"continuity_targets"}});
  requireFault({[](Rules& r) {
                  r.continuityTargets = {{14, 4}, {7, 6}};
                },
                kCarerTargetsUnusable,
                {"continuity_targets"}});
  requireFault({[](Rules& r) {
                  r.targets = {{"punctuality.niceness", "1"}};
                },
                kTargetUnusable,
                {"targets"}});
  requireFault({[](Rules& r) {
                  r.targets = {{"missed.rate", "few"}};
                },
                kTargetUnusable,
                {"targets"}});
  requireFault({[](Rules& r) {
                  r.roundingUnitMin = 1;
                  r.bands = {{1, 20, 15}, {20, 40, 30}};
                },
                kBandsUnusable,
                {"bands"}});
  requireFault({[](Rules& r) {
                  r.roundingUnitMin = 1;
                  r.bands = {{20, 10, 15}};
                },
                kBandsUnusable,
                {"bands"}});
}

TEST_CASE("parameters that cannot hold beside each other are refused with both names") {
  const Case cases[] = {
      {[](Rules& r) { r.lateToleranceMin = 61; }, {}, {"very_late_min", "late_tolerance_min"}},
      {[](Rules& r) { r.timeCriticalToleranceMin = 61; },
       {},
       {"very_late_min", "time_critical_tolerance_min"}},
      {[](Rules& r) {
         r.windowInclusive = false;
         r.lateToleranceMin = 0;
       },
       {},
       {"window_inclusive", "late_tolerance_min"}},
      {[](Rules& r) {
         r.basisFollowsPerson = true;
         r.punctualityBasis = PlanKind::Final;
       },
       {},
       {"basis_follows_person", "punctuality_basis"}},
      {[](Rules& r) { r.maxVisitMin = 0; }, {}, {"max_visit_min", "min_countable_visit_min"}},
      {[](Rules& r) { r.capToleranceMin = 5; }, {}, {"cap_tolerance_min", "delivered_cap"}},
      {[](Rules& r) { r.roundingStage = RoundingStage::Week; },
       {},
       {"rounding_stage", "rounding_unit_min"}},
      {[](Rules& r) {
         r.bands = {{1, 20, 15}};
       },
       {},
       {"bands", "rounding_unit_min"}},
      {[](Rules& r) {
         r.roundingUnitMin = 15;
         r.bands = {{1, 14, 15}};
       },
       {},
       {"bands", "rounding_unit_min"}},
      {[](Rules& r) {
         r.roundingUnitMin = 1;
         r.bands = {{1, 20, 15}};
         r.roundingStage = RoundingStage::Day;
       },
       {},
       {"bands", "rounding_stage"}},
      {[](Rules& r) {
         r.deliveredCap = DeliveredCap::WeeklyPool;
         r.roundingUnitMin = 1;
         r.roundingStage = RoundingStage::Month;
       },
       {},
       {"delivered_cap", "rounding_stage"}},
      {[](Rules& r) { r.driftLowPct = 111; }, {}, {"drift_low_pct", "drift_high_pct"}},
      {[](Rules& r) { r.electronicMethods = 0; },
       {},
       {"electronic_methods", "electronic_requires"}},
      {[](Rules& r) { r.electronicGrades = 0; }, {}, {"electronic_grades", "electronic_requires"}},
      {[](Rules& r) {
         r.missedRules = bit(MissedRule::StartedAfterEnd);
         r.maxVisitMin = 30;
         r.missedAfterMin = 0;
         r.lateToleranceMin = 31;
       },
       {},
       {"missed_rules", "late_tolerance_min"}},
  };
  for (Case each : cases) {
    INFO(each.parameters.front() << " " << each.parameters.back());
    each.reason = kRulesContradict;
    requireFault(each);
  }
}

}  // namespace
}  // namespace doorstep::measures
