// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/rule_packs.h"

#include <algorithm>

namespace doorstep::measures {
namespace {

RulePack plain1515() {
  RulePack pack{"plain_15_15", {}, {"punctuality.*", "missed.rate", "no_entry.rate", "length.*"}};
  pack.rules.punctualityBasis = PlanKind::Final;
  pack.rules.doubleHandedStart = StartRule::First;
  pack.rules.minCountableVisitMin = 0;
  pack.rules.providerCancelIsMissed = false;
  pack.rules.cancelAfterStartCounts = true;
  pack.rules.exemptReasons.clear();
  pack.rules.noEntryCountsAs = NoEntryCounts::Planned;
  return pack;
}

RulePack qs123() {
  RulePack pack{"qs123", {}, {"qs123.*", "missed.rate", "continuity.*"}};
  pack.rules.earlyToleranceMin = 30;
  pack.rules.lateToleranceMin = 30;
  pack.rules.punctualityBasis = PlanKind::Commissioned;
  return pack;
}

RulePack essexKpi3() {
  RulePack pack{"essex_kpi3",
                {},
                {"missed.attended_of_planned", "punctuality.time_critical", "missed.cause.*",
                 "punctuality.basis.*"}};
  pack.rules.earlyToleranceMin = 30;
  pack.rules.lateToleranceMin = 30;
  pack.rules.timeCriticalToleranceMin = 30;
  pack.rules.missedRules =
      bit(MissedRule::NextPlanned) | bit(MissedRule::DayCutoff) | bit(MissedRule::Merged);
  pack.rules.weekStart = 6;
  pack.rules.targets = {{"missed.attended_of_planned", "1"}, {"punctuality.time_critical", "1"}};
  return pack;
}

RulePack centralBedfordshire() {
  RulePack pack{"central_bedfordshire",
                {},
                {"evidence.*", "punctuality.*", "length.*", "delivered.percent_capped",
                 "continuity.*", "edits.*"}};
  pack.rules.electronicGrades = bit(Grade::A) | bit(Grade::B);
  pack.rules.targets = {{"evidence.electronic_by_rule", "0.85"}};
  return pack;
}

RulePack walesS8() {
  RulePack pack{"wales_s8",
                {},
                {"wales.s8", "qs123.4a_planned", "qs123.4b_planned", "qs123.4a_actual",
                 "qs123.4b_actual", "continuity.known_carer", "length.under_15"}};
  pack.rules.shortByMin = 0;
  return pack;
}

}  // namespace

std::span<const RulePack> rulePacks() {
  static const std::vector<RulePack> packs{plain1515(), qs123(), essexKpi3(), centralBedfordshire(),
                                           walesS8()};
  return packs;
}

const RulePack* findRulePack(std::string_view name) {
  const auto packs = rulePacks();
  const auto found =
      std::find_if(packs.begin(), packs.end(), [&](const RulePack& p) { return p.name == name; });
  return found == packs.end() ? nullptr : &*found;
}

Rules unstatedRules() {
  Rules rules;
  rules.minCountableVisitMin = 0;  // whoever was there was there
  return rules;
}

Rules rulesOfFourMinutes(std::int64_t late, std::int64_t early, std::int64_t timeCritical,
                         std::int64_t missedAfter) {
  Rules rules = unstatedRules();
  rules.lateToleranceMin = late;
  rules.earlyToleranceMin = early;
  rules.timeCriticalToleranceMin = timeCritical;
  rules.missedAfterMin = missedAfter;
  return rules;
}

bool saysFourMinutesOnly(const Rules& rules) {
  return rules == rulesOfFourMinutes(rules.lateToleranceMin, rules.earlyToleranceMin,
                                     rules.timeCriticalToleranceMin, rules.missedAfterMin);
}

}  // namespace doorstep::measures
