// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/rule_check.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <variant>

#include "shared/visits/measures/measure_table.h"
#include "shared/visits/measures/rule_parameters.h"

namespace doorstep::measures {
namespace {

constexpr std::size_t kTextsMax = 64;  // a contract names a dozen reasons
constexpr std::size_t kTextBytesMax = 32;
constexpr std::size_t kBandsMax = 64;
constexpr std::size_t kCarerTargetsMax = 16;
constexpr std::size_t kTargetsMax = 200;  // more than there are measures
constexpr std::size_t kAimBytesMax = 16;
constexpr std::int64_t kBandMinMax = 7 * 24 * 60;
constexpr std::int64_t kVisitsAWeekMax = 1'000;

using Faults = std::vector<RuleFault>;

bool isCode(std::string_view text) {
  return !text.empty() && text.size() <= kTextBytesMax &&
         std::all_of(text.begin(), text.end(), [](unsigned char letter) {
           return letter < 0x80 && (std::isalnum(letter) != 0 || letter == '_' || letter == '-');
         });
}

bool isDecimal(std::string_view text) {
  if (text.empty() || text.size() > kAimBytesMax || text.front() == '.' || text.back() == '.')
    return false;
  return std::count(text.begin(), text.end(), '.') <= 1 &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool isMeasure(std::string_view id) {
  const auto table = measureTable();
  return id.substr(0, kRechargePrefix.size()) == kRechargePrefix ||
         std::any_of(table.begin(), table.end(), [&](const Measure& m) { return m.id == id; });
}

// What a value is by itself.
struct ValueCheck {
  std::string_view name;
  const Rules& rules;
  Faults& faults;

  void add(std::string_view reason, const std::string& sentence) const {
    faults.push_back({reason, {name}, std::string(name) + " " + sentence});
  }
  void bounds(std::int64_t value, std::int64_t least, std::int64_t most) const {
    if (value < least || value > most)
      add(kNumberOutOfBounds, "is " + std::to_string(value) + ": give a whole number from " +
                                  std::to_string(least) + " to " + std::to_string(most));
  }

  void operator()(const WholeForm& form) const {
    bounds(rules.*form.member, form.least, form.most);
  }
  void operator()(const FlagForm&) const {}
  void operator()(const ChoiceForm&) const {}
  void operator()(const ChoicesForm&) const {}
  void operator()(const ClockForm& form) const {
    bounds(rules.*form.member, form.first, form.last);
  }
  void operator()(const TextsForm& form) const {
    const auto& texts = rules.*form.member;
    if (texts.size() > kTextsMax)
      return add(kListUnusable, "has more than 64 codes");
    if (!std::all_of(texts.begin(), texts.end(), isCode))
      return add(kListUnusable, "has a code that is not 1 to 32 letters, digits, - or _");
    if (std::set<std::string>(texts.begin(), texts.end()).size() != texts.size())
      add(kListUnusable, "has a code twice");
  }
  void operator()(const BandsForm& form) const {
    const auto& bands = rules.*form.member;
    if (bands.size() > kBandsMax)
      return add(kBandsUnusable, "has more than 64 bands");
    for (std::size_t i = 0; i < bands.size(); ++i) {
      const Band& band = bands[i];
      if (band.from < 0 || band.to < band.from || band.bill < 0 || band.to > kBandMinMax ||
          band.bill > kBandMinMax)
        return add(kBandsUnusable,
                   "has a band whose minutes are not in order, or not from 0 to a "
                   "week");
      if (i > 0 && band.from <= bands[i - 1].to)
        return add(kBandsUnusable,
                   "has a band that begins at " + std::to_string(band.from) +
                       " minutes, where the one before it still holds: write them in order");
    }
  }
  void operator()(const CarerTargetsForm& form) const {
    const auto& targets = rules.*form.member;
    if (targets.empty() || targets.size() > kCarerTargetsMax)
      return add(kCarerTargetsUnusable, "needs 1 to 16 lines of visits a week and carers");
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const CarerTarget& target = targets[i];
      if (target.visits < 1 || target.carers < 1 || target.visits > kVisitsAWeekMax ||
          target.carers > kVisitsAWeekMax)
        return add(kCarerTargetsUnusable, "has a line whose numbers are not from 1 to 1000");
      if (i > 0 && target.visits <= targets[i - 1].visits)
        return add(kCarerTargetsUnusable, "has a line of " + std::to_string(target.visits) +
                                              " visits a week that the line before it covers: "
                                              "write them in order");
    }
  }
  void operator()(const TargetsForm& form) const {
    const auto& targets = rules.*form.member;
    if (targets.size() > kTargetsMax)
      return add(kTargetUnusable, "has more than 200 targets");
    for (const auto& [measure, aim] : targets) {
      if (!isMeasure(measure))
        return add(kTargetUnusable,
                   "names " + measure.substr(0, kTextBytesMax) + ", which is no measure");
      if (!isDecimal(aim))
        return add(kTargetUnusable, "has for " + measure + " an aim that is no number like 0.85");
    }
  }
};

// Two parameters of which one cannot hold beside the other.
struct Contradiction {
  std::string_view first;
  std::string_view second;
  bool (*holds)(const Rules& rules);
  const char* text;
};

// A band in which no sum lies after rounding.
bool hasEmptyBand(const Rules& rules) {
  const std::int64_t unit = rules.roundingUnitMin;
  return unit > 0 && std::any_of(rules.bands.begin(), rules.bands.end(), [&](const Band& band) {
           return band.to / unit * unit < band.from;
         });
}

constexpr Contradiction kContradictions[] = {
    {"very_late_min", "late_tolerance_min",
     [](const Rules& r) { return r.veryLateMin < r.lateToleranceMin; },
     "very_late_min is less than late_tolerance_min: a visit would be very late and on time"},
    {"very_late_min", "time_critical_tolerance_min",
     [](const Rules& r) { return r.veryLateMin < r.timeCriticalToleranceMin; },
     "very_late_min is less than time_critical_tolerance_min: a visit would be very late and on "
     "time"},
    {"window_inclusive", "late_tolerance_min",
     [](const Rules& r) { return !r.windowInclusive && r.lateToleranceMin == 0; },
     "window_inclusive is false, so that the exact limit is outside, and late_tolerance_min is 0: "
     "a start at the very moment of the plan would be outside its window"},
    {"window_inclusive", "early_tolerance_min",
     [](const Rules& r) { return !r.windowInclusive && r.earlyToleranceMin == 0; },
     "window_inclusive is false, so that the exact limit is outside, and early_tolerance_min is 0: "
     "a start at the very moment of the plan would be outside its window"},
    {"window_inclusive", "time_critical_tolerance_min",
     [](const Rules& r) { return !r.windowInclusive && r.timeCriticalToleranceMin == 0; },
     "window_inclusive is false, so that the exact limit is outside, and "
     "time_critical_tolerance_min is 0: a start at the very moment of the plan would be outside "
     "its window"},
    {"basis_follows_person", "punctuality_basis",
     [](const Rules& r) { return r.basisFollowsPerson && r.punctualityBasis != PlanKind::Locked; },
     "basis_follows_person says when the final plan stands in for the locked one, and "
     "punctuality_basis is not locked: it can never hold"},
    {"max_visit_min", "min_countable_visit_min",
     [](const Rules& r) { return r.maxVisitMin <= r.minCountableVisitMin; },
     "max_visit_min is not more than min_countable_visit_min: every visit would be too short to "
     "count or too long to be believed"},
    {"missed_rules", "late_tolerance_min",
     [](const Rules& r) {
       return r.counts(MissedRule::StartedAfterEnd) &&
              r.lateToleranceMin > r.missedAfterMin + r.maxVisitMin;
     },
     "missed_rules has started_after_end, and late_tolerance_min reaches beyond the moment when "
     "it says missed: such a visit would be on time and missed"},
    {"cap_tolerance_min", "delivered_cap",
     [](const Rules& r) {
       return r.capToleranceMin > 0 && r.deliveredCap != DeliveredCap::PlannedPlus;
     },
     "cap_tolerance_min is minutes above the plan, and delivered_cap is not planned_plus: they "
     "can never be billed"},
    {"rounding_stage", "rounding_unit_min",
     [](const Rules& r) {
       return r.roundingStage != RoundingStage::Visit && r.roundingUnitMin == 0;
     },
     "rounding_stage says that sums are rounded, and rounding_unit_min is 0: nothing is rounded"},
    {"bands", "rounding_unit_min",
     [](const Rules& r) { return !r.bands.empty() && r.roundingUnitMin == 0; },
     "bands need whole minutes: set rounding_unit_min to 1 or more"},
    {"bands", "rounding_unit_min", hasEmptyBand,
     "bands has a band that no multiple of rounding_unit_min lies in: it can never hold"},
    {"bands", "rounding_stage",
     [](const Rules& r) { return !r.bands.empty() && r.roundingStage != RoundingStage::Visit; },
     "bands are of single visits: set rounding_stage to visit"},
    {"delivered_cap", "rounding_stage",
     [](const Rules& r) {
       return r.deliveredCap == DeliveredCap::WeeklyPool && r.roundingStage == RoundingStage::Month;
     },
     "delivered_cap is weekly_pool, which cannot be cut from months: set rounding_stage to visit, "
     "day or week"},
    {"drift_low_pct", "drift_high_pct",
     [](const Rules& r) { return r.driftLowPct > r.driftHighPct; },
     "drift_low_pct is more than drift_high_pct: every package would be far from its order"},
    {"electronic_methods", "electronic_requires",
     [](const Rules& r) { return r.electronicMethods == 0; },
     "electronic_methods is empty: whatever electronic_requires asks, no end could be electronic"},
    {"electronic_grades", "electronic_requires",
     [](const Rules& r) { return r.electronicGrades == 0; },
     "electronic_grades is empty: whatever electronic_requires asks, no end could be electronic"},
};

}  // namespace

std::vector<RuleFault> ruleFaults(const Rules& rules) {
  Faults faults;
  for (const RuleParameter& parameter : ruleParameters())
    std::visit(ValueCheck{parameter.name, rules, faults}, parameter.form);
  if (!faults.empty())
    return faults;  // values out of bounds contradict whatever stands beside them
  for (const Contradiction& each : kContradictions)
    if (each.holds(rules))
      faults.push_back({kRulesContradict, {each.first, each.second}, each.text});
  return faults;
}

}  // namespace doorstep::measures
