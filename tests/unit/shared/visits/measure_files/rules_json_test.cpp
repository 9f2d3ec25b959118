// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/rules_json.h"

#include <catch2/catch.hpp>

#include "shared/visits/measure_files/rules_file.h"

namespace doorstep::measure_files {
namespace {

using namespace measures;

// Differs from the defaults in a parameter of each form.
Rules oddRules() {
  Rules rules;
  rules.lateToleranceMin = 0;
  rules.windowInclusive = false;
  rules.punctualityBasis = PlanKind::Commissioned;
  rules.missedRules = bit(MissedRule::DayCutoff) | bit(MissedRule::Merged);
  rules.dayCutoffLocalMin = 12 * 60 + 5;
  rules.serviceDayStartMin = 0;
  rules.exemptReasons = {};
  rules.shortExemptReasons = {"P\"2", "\u00e9"};
  rules.roundingUnitMin = 15;
  rules.bands = {{0, 7, 0}, {8, 22, 15}};
  rules.electronicGrades = 0;
  rules.continuityTargets = {{7, 2}};
  rules.targets = {{"missed.rate", "0.01"}, {"continuity.top1", "1"}};
  return rules;
}

TEST_CASE("rules that are written are the rules that are read") {
  const std::map<std::string, std::vector<RuleVersion>> contracts{
      {"K1", {{1, 0, 20'000, Rules()}, {2, 20'001, {}, oddRules()}}}, {"K2", {}}};
  const std::string text = rulesJson(contracts);
  CHECK(text.back() == '\n');
  const auto book = readRules(asTextFile("rules.json", text));
  REQUIRE(book.ok());
  REQUIRE(book->at("K1", 20'000) != nullptr);
  CHECK(book->at("K1", 20'000)->rules == Rules());
  REQUIRE(book->at("K1", 30'000) != nullptr);
  CHECK(book->at("K1", 30'000)->number == 2);
  CHECK(book->at("K1", 30'000)->rules == oddRules());
  CHECK(book->hasContract("K2"));
  CHECK(book->at("K2", 20'000) == nullptr);
  CHECK_FALSE(book->hasContract("K3"));
}

}  // namespace
}  // namespace doorstep::measure_files
