// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/measure_terms.h"

namespace doorstep::measures {
namespace {

using Totals = const GroupTotals&;

constexpr Wide kMillion = 1'000'000;

template <Wide CarePlanTotals::*part, Wide CarePlanTotals::*of>
Figure ofCarePlans(Totals t) {
  return {t.people.carePlans.*part, t.people.carePlans.*of};
}

template <Wide GoalTotals::*part>
Figure ofGoals(Totals t) {
  return {t.people.goals.*part, t.people.goals.goals};
}

// The last window's share less the first's: a/b - c/d.
template <std::size_t which>
Figure independenceChange(Totals t) {
  const auto& first = t.people.independence.first;
  const auto& last = t.people.independence.last;
  return {
      cappedProduct(last.counts[which], first.all) - cappedProduct(first.counts[which], last.all),
      cappedProduct(last.all, first.all)};
}

template <std::size_t week>
Figure reablementWeek(Totals t) {
  return {t.people.reablement.weekMs[week - 1],
          t.people.reablement.weekPeople[week - 1] * kMinuteMs};
}

std::vector<Measure> continuityMeasures() {
  return {
      perGroup("qs123.3",
               [](Totals t) {
                 return Figure{t.people.continuity.onTarget, t.people.continuity.people};
               }),
      perGroup("continuity.carers_mean",
               [](Totals t) {
                 return Figure{t.people.continuity.carers, t.people.continuity.people};
               }),
      perGroup("continuity.top1",
               [](Totals t) {
                 return Figure{t.people.continuity.top1Slots, t.people.continuity.slots};
               }),
      perGroup("continuity.top3",
               [](Totals t) {
                 return Figure{t.people.continuity.top3Slots, t.people.continuity.slots};
               }),
      // Bice and Boxerman, cut to millionths a person, then the mean.
      perGroup("continuity.coc",
               [](Totals t) {
                 return Figure{t.people.continuity.indexMillionths,
                               t.people.continuity.indexPeople * kMillion};
               }),
      perGroup("continuity.coc_pooled",
               [](Totals t) {
                 return Figure{t.people.continuity.pairsSame, t.people.continuity.pairs};
               }),
      perGroup("continuity.sequence",
               [](Totals t) {
                 return Figure{t.people.continuity.stepsKept, t.people.continuity.steps};
               }),
      perVisit("continuity.known_carer",
               [](Visit v, Figure& f) {
                 eachAttended(v, [&](Slot slot) {
                   const auto& prior = slot.facts->priorVisitMs;
                   const std::int64_t agoMs = prior ? *slot.startMs - *prior : -1;
                   share(f, true, agoMs >= 0 && agoMs <= Wide{v.rules->knownCarerDays} * kDayMs);
                 });
               }),
  };
}

}  // namespace

std::vector<Measure> peopleMeasures() {
  using Plans = CarePlanTotals;
  std::vector<Measure> measures{
      perGroup("qs123.1a", ofCarePlans<&Plans::prioritiesInPlan, &Plans::people>, Needs::People),
      perGroup("qs123.1b", ofCarePlans<&Plans::prioritiesHow, &Plans::people>, Needs::People),
      perGroup("qs123.2a", ofCarePlans<&Plans::contingencyInPlan, &Plans::people>, Needs::People),
      perGroup("qs123.5a", ofCarePlans<&Plans::hadFirstReview, &Plans::dueFirstReview>,
               Needs::People),
      perGroup("qs123.5b", ofCarePlans<&Plans::hadYearlyReview, &Plans::dueYearlyReview>,
               Needs::People),
      perGroup("goals.improved", ofGoals<&GoalTotals::improved>),
      perGroup("goals.maintained", ofGoals<&GoalTotals::maintained>),
      perGroup("goals.declined", ofGoals<&GoalTotals::declined>),
      perGroup("goals.attained", ofGoals<&GoalTotals::attained>),
      perGroup("independence.change.self", independenceChange<0>),
      perGroup("independence.change.prompted", independenceChange<1>),
      perGroup("independence.change.assisted", independenceChange<2>),
      perGroup("independence.change.full", independenceChange<3>),
      perGroup("reablement.week_minutes.1", reablementWeek<1>),
      perGroup("reablement.week_minutes.2", reablementWeek<2>),
      perGroup("reablement.week_minutes.3", reablementWeek<3>),
      perGroup("reablement.week_minutes.4", reablementWeek<4>),
      perGroup("reablement.week_minutes.5", reablementWeek<5>),
      perGroup("reablement.week_minutes.6", reablementWeek<6>),
      perGroup("reablement.last_to_first",
               [](Totals t) {
                 return Figure{t.people.reablement.lastWeekMs, t.people.reablement.firstWeekMs};
               }),
  };
  const std::vector<Measure> continuity = continuityMeasures();
  measures.insert(measures.end(), continuity.begin(), continuity.end());
  return measures;
}

}  // namespace doorstep::measures
