// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/rule_packs.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "shared/visits/measures/measure_table.h"
#include "shared/visits/measures/rule_check.h"
#include "shared/visits/measures/rule_parameters.h"

namespace doorstep::measures {
namespace {

using Names = std::vector<std::string_view>;

TEST_CASE("each pack differs from the defaults in what it is known for and can be agreed") {
  const auto changes = [](std::string_view pack) {
    return differingParameters(findRulePack(pack)->rules, Rules{});
  };
  CHECK(changes("plain_15_15") == Names{"punctuality_basis", "double_handed_start",
                                        "min_countable_visit_min", "provider_cancel_is_missed",
                                        "cancel_after_start_counts", "exempt_reasons",
                                        "no_entry_counts_as"});
  CHECK(changes("qs123") ==
        Names{"early_tolerance_min", "late_tolerance_min", "punctuality_basis"});
  CHECK(changes("essex_kpi3") == Names{"early_tolerance_min", "late_tolerance_min",
                                       "time_critical_tolerance_min", "missed_rules", "week_start",
                                       "targets"});
  CHECK(changes("central_bedfordshire") == Names{"electronic_grades", "targets"});
  CHECK(changes("wales_s8") == Names{"short_by_min"});
  for (const RulePack& pack : rulePacks()) {
    INFO(pack.name);
    CHECK(ruleFaults(pack.rules).empty());
  }
  CHECK(findRulePack("qs124") == nullptr);
}

TEST_CASE("what a pack shows are measures that there are") {
  const auto table = measureTable();
  for (const RulePack& pack : rulePacks())
    for (std::string_view shown : pack.measures) {
      INFO(shown);
      const bool isBeginning = shown.back() == '*';
      if (isBeginning)
        shown.remove_suffix(1);
      CHECK(std::any_of(table.begin(), table.end(), [&](const Measure& measure) {
        return isBeginning ? measure.id.substr(0, shown.size()) == shown : measure.id == shown;
      }));
    }
}

TEST_CASE("whoever states four minutes states them over what was judged before") {
  const Rules rules = rulesOfFourMinutes(20, 10, 5, 90);
  CHECK(differingParameters(rules, unstatedRules()) ==
        Names{"early_tolerance_min", "late_tolerance_min", "time_critical_tolerance_min",
              "missed_after_min"});
  CHECK(saysFourMinutesOnly(rules));
  CHECK_FALSE(saysFourMinutesOnly(Rules{}));
  CHECK(differingParameters(unstatedRules(), Rules{}) == Names{"min_countable_visit_min"});
}

}  // namespace
}  // namespace doorstep::measures
