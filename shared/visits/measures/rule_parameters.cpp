// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/rule_parameters.h"

#include <algorithm>
#include <array>

namespace doorstep::measures {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 3> kPlanKinds{"commissioned", "locked", "final"};
constexpr std::array<std::string_view, 2> kStartRules{"both", "first"};
constexpr std::array<std::string_view, 2> kCutoffTests{"end", "start"};
constexpr std::array<std::string_view, 4> kMissedRules{"next_planned", "day_cutoff",
                                                       "started_after_end", "merged"};
constexpr std::array<std::string_view, 7> kWeekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                    "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 2> kNoEntryCounts{"excluded", "planned"};
constexpr std::array<std::string_view, 4> kDeliveredCaps{"none", "planned", "planned_plus",
                                                         "weekly_pool"};
constexpr std::array<std::string_view, 3> kRoundingModes{"nearest", "up", "down"};
constexpr std::array<std::string_view, 3> kRoundingHalves{"up", "down", "even"};
constexpr std::array<std::string_view, 4> kRoundingStages{"visit", "day", "week", "month"};
constexpr std::array<std::string_view, 2> kDoubleBillings{"each", "overlap"};
constexpr std::array<std::string_view, 2> kNoEntryBillings{"none", "planned"};
constexpr std::array<std::string_view, 2> kElectronicRequires{"both", "either"};

constexpr int kNoonMin = 12 * 60;
constexpr int kLastMinuteOfDay = 24 * 60 - 1;

template <auto member>
RuleParameter choice(std::string_view name, Names names) {
  return {name, ChoiceForm{names,
                           [](Rules& rules, int chosen) {
                             using Chosen = std::remove_reference_t<decltype(rules.*member)>;
                             rules.*member = static_cast<Chosen>(chosen);
                           },
                           [](const Rules& rules) { return static_cast<int>(rules.*member); }}};
}

// What a contract can agree on at most.
constexpr std::int64_t kDayMin = 24 * 60;
constexpr std::int64_t kVisitMin = 7 * kDayMin;  // a live-in carer's week
constexpr std::int64_t kYearH = 366 * 24;
constexpr std::int64_t kYearDays = 366;
constexpr std::int64_t kYearWeeks = 53;
constexpr std::int64_t kWholePct = 100;
constexpr std::int64_t kManyTimesPct = 1'000;
constexpr std::int64_t kDistanceM = 100'000;
constexpr std::int64_t kFixAgeS = 24 * 3'600;

RuleParameter whole(std::string_view name, std::int64_t Rules::*member, std::int64_t most,
                    std::int64_t least = 0) {
  return {name, WholeForm{member, least, most}};
}

RuleParameter flag(std::string_view name, bool Rules::*member) { return {name, FlagForm{member}}; }

std::vector<RuleParameter> makeClassifying() {
  return {
      whole("early_tolerance_min", &Rules::earlyToleranceMin, kDayMin),
      whole("late_tolerance_min", &Rules::lateToleranceMin, kDayMin),
      whole("time_critical_tolerance_min", &Rules::timeCriticalToleranceMin, kDayMin),
      flag("window_inclusive", &Rules::windowInclusive),
      whole("very_late_min", &Rules::veryLateMin, kDayMin),
      choice<&Rules::punctualityBasis>("punctuality_basis", kPlanKinds),
      flag("basis_follows_person", &Rules::basisFollowsPerson),
      choice<&Rules::doubleHandedStart>("double_handed_start", kStartRules),
      whole("missed_after_min", &Rules::missedAfterMin, kVisitMin),
      {"missed_rules", ChoicesForm{kMissedRules, &Rules::missedRules}},
      {"day_cutoff_local", ClockForm{&Rules::dayCutoffLocalMin, kNoonMin, kLastMinuteOfDay}},
      choice<&Rules::dayCutoffAppliesTo>("day_cutoff_applies_to", kCutoffTests),
      whole("merge_gap_min", &Rules::mergeGapMin, kDayMin),
      whole("merge_plan_gap_min", &Rules::mergePlanGapMin, kDayMin),
      {"service_day_start_local", ClockForm{&Rules::serviceDayStartMin, 0, kNoonMin - 1}},
      choice<&Rules::weekStart>("week_start", kWeekdays),
      whole("min_countable_visit_min", &Rules::minCountableVisitMin, kDayMin),
      whole("max_visit_min", &Rules::maxVisitMin, kVisitMin),
      flag("provider_cancel_is_missed", &Rules::providerCancelIsMissed),
      flag("cancel_after_start_counts", &Rules::cancelAfterStartCounts),
      whole("cancel_notice_payable_h", &Rules::cancelNoticePayableH, kYearH),
      {"exempt_reasons", TextsForm{&Rules::exemptReasons}},
      choice<&Rules::noEntryCountsAs>("no_entry_counts_as", kNoEntryCounts),
  };
}

std::vector<RuleParameter> makeMeasuring() {
  return {
      whole("short_ratio_pct", &Rules::shortRatioPct, kWholePct),
      whole("short_by_min", &Rules::shortByMin, kDayMin),
      {"short_exempt_reasons", TextsForm{&Rules::shortExemptReasons}},
      whole("nice_short_min", &Rules::niceShortMin, kDayMin),
      choice<&Rules::deliveredCap>("delivered_cap", kDeliveredCaps),
      whole("cap_tolerance_min", &Rules::capToleranceMin, kDayMin),
      whole("rounding_unit_min", &Rules::roundingUnitMin, kDayMin),
      choice<&Rules::roundingMode>("rounding_mode", kRoundingModes),
      choice<&Rules::roundingHalf>("rounding_half", kRoundingHalves),
      choice<&Rules::roundingStage>("rounding_stage", kRoundingStages),
      {"bands", BandsForm{&Rules::bands}},
      choice<&Rules::doubleHandedBilling>("double_handed_billing", kDoubleBillings),
      choice<&Rules::noEntryBillable>("no_entry_billable", kNoEntryBillings),
      whole("double_overlap_pct", &Rules::doubleOverlapPct, kWholePct),
      whole("double_gap_min", &Rules::doubleGapMin, kDayMin),
      {"electronic_methods", ChoicesForm{kMethods, &Rules::electronicMethods}},
      {"electronic_grades", ChoicesForm{kGrades, &Rules::electronicGrades}},
      choice<&Rules::electronicRequires>("electronic_requires", kElectronicRequires),
      whole("late_edit_h", &Rules::lateEditH, kYearH),
      whole("known_carer_days", &Rules::knownCarerDays, kYearDays),
      whole("sync_lag_limit_min", &Rules::syncLagLimitMin, kVisitMin),
      {"continuity_targets", CarerTargetsForm{&Rules::continuityTargets}},
      whole("continuity_double_extra_pct", &Rules::continuityDoubleExtraPct, kManyTimesPct),
      whole("drift_weeks", &Rules::driftWeeks, kYearWeeks, 1),
      whole("drift_low_pct", &Rules::driftLowPct, kManyTimesPct),
      whole("drift_high_pct", &Rules::driftHighPct, kManyTimesPct),
      whole("geofence_m", &Rules::geofenceM, kDistanceM),
      whole("accuracy_max_m", &Rules::accuracyMaxM, kDistanceM),
      whole("freshness_max_s", &Rules::freshnessMaxS, kFixAgeS),
      {"targets", TargetsForm{&Rules::targets}},
  };
}

struct Differs {
  const Rules& a;
  const Rules& b;
  bool operator()(const ChoiceForm& form) const { return form.get(a) != form.get(b); }
  bool operator()(const auto& form) const { return a.*form.member != b.*form.member; }
};

}  // namespace

std::span<const RuleParameter> ruleParameters() {
  static const std::vector<RuleParameter> parameters = [] {
    std::vector<RuleParameter> all = makeClassifying();
    const std::vector<RuleParameter> measuring = makeMeasuring();
    all.insert(all.end(), measuring.begin(), measuring.end());
    return all;
  }();
  return parameters;
}

std::vector<std::string_view> differingParameters(const Rules& a, const Rules& b) {
  std::vector<std::string_view> names;
  for (const RuleParameter& parameter : ruleParameters())
    if (std::visit(Differs{a, b}, parameter.form))
      names.push_back(parameter.name);
  return names;
}

const RuleParameter* findRuleParameter(std::string_view name) {
  const auto all = ruleParameters();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const RuleParameter& p) { return p.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace doorstep::measures
