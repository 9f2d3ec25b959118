// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/people_totals.h"

#include <algorithm>
#include <optional>

namespace doorstep::measures {
namespace {

using Visits = std::span<const ClassifiedVisit* const>;

// Windows of 28 days that do not overlap need 56 days.
constexpr DayNumber kWindowDays = 28;
constexpr DayNumber kApartDays = 2 * kWindowDays - 1;
constexpr DayNumber kFirstReviewDays = 42;  // six weeks
constexpr DayNumber kYearDays = 365;
constexpr DayNumber kDaysAWeek = 7;

Wide lengthOf(const ClassifiedVisit& visit) {
  Wide sum = 0;
  for (const ClassifiedSlot& slot : visit.slots)
    if (slot.attended() && slot.lengthMs)
      sum += *slot.lengthMs;
  return sum;
}

std::array<Wide, 4> tasksOf(const ClassifiedVisit& visit) {
  const Independence& tasks = visit.facts->independence;
  return {tasks.self, tasks.prompted, tasks.assisted, tasks.full};
}

void addTo(IndependenceTotals::Window& window, const ClassifiedVisit& visit) {
  const auto counts = tasksOf(visit);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    window.counts[i] += counts[i];
    window.all += counts[i];
  }
}

void addIndependence(Visits visits, IndependenceTotals& totals) {
  std::vector<const ClassifiedVisit*> counted;
  for (const auto* visit : visits) {
    const auto counts = tasksOf(*visit);
    if (visit->attended() &&
        std::any_of(counts.begin(), counts.end(), [](Wide n) { return n > 0; }))
      counted.push_back(visit);
  }
  if (counted.empty())
    return;
  const auto [first, last] = std::minmax_element(
      counted.begin(), counted.end(), [](const auto* a, const auto* b) { return a->day < b->day; });
  const DayNumber firstDay = (*first)->day;
  const DayNumber lastDay = (*last)->day;
  if (lastDay - firstDay < kApartDays)
    return;
  for (const auto* visit : counted) {
    if (visit->day < firstDay + kWindowDays)
      addTo(totals.first, *visit);
    if (visit->day > lastDay - kWindowDays)
      addTo(totals.last, *visit);
  }
}

void addGoals(Visits visits, GoalTotals& totals) {
  std::map<std::string_view, const GoalScore*> last;
  for (const auto* visit : visits)
    if (visit->attended())
      for (const GoalScore& score : visit->facts->goalScores)
        last[score.goal] = &score;
  for (const auto& [goal, score] : last) {
    ++totals.goals;
    totals.improved += score->score > score->baseline;
    totals.maintained += score->score == score->baseline;
    totals.declined += score->score < score->baseline;
    totals.attained += score->score >= 0;
  }
}

void addReablement(Visits visits, ReablementTotals& totals) {
  std::map<DayNumber, Wide> weeks;  // number after the first, from 0
  std::optional<DayNumber> firstWeek;
  for (const auto* visit : visits)
    if (visit->reported() && visit->facts->serviceKind == ServiceKind::Reablement)
      firstWeek = std::min(firstWeek.value_or(visit->week), visit->week);
  for (const auto* visit : visits)
    if (visit->reported() && visit->facts->serviceKind == ServiceKind::Reablement)
      weeks[(visit->week - *firstWeek) / kDaysAWeek] += lengthOf(*visit);
  for (const auto& [week, ms] : weeks) {
    if (week >= kReablementWeeks)
      break;
    totals.weekMs[static_cast<std::size_t>(week)] += ms;
    totals.weekPeople[static_cast<std::size_t>(week)] += 1;
  }
  if (weeks.size() < 2)
    return;
  totals.firstWeekMs += weeks.begin()->second;
  totals.lastWeekMs += weeks.rbegin()->second;
}

void addCarePlan(const PersonFacts& person, DayNumber asOf, CarePlanTotals& totals) {
  const auto reviewed = [&](DayNumber after, DayNumber upTo) {
    return std::any_of(person.reviews.begin(), person.reviews.end(),
                       [&](DayNumber day) { return day > after && day <= upTo; });
  };
  ++totals.people;
  totals.prioritiesInPlan += person.prioritiesInPlan;
  totals.prioritiesHow += person.prioritiesHow;
  totals.contingencyInPlan += person.contingencyInPlan;
  if (person.serviceStart + kFirstReviewDays <= asOf) {
    ++totals.dueFirstReview;
    totals.hadFirstReview += reviewed(person.serviceStart, person.serviceStart + kFirstReviewDays);
  }
  if (person.serviceStart + kYearDays <= asOf) {
    ++totals.dueYearlyReview;
    totals.hadYearlyReview += reviewed(asOf - kYearDays, asOf);
  }
}

void addWindow(const IndependenceTotals::Window& more, IndependenceTotals::Window& sums) {
  for (std::size_t i = 0; i < sums.counts.size(); ++i)
    sums.counts[i] += more.counts[i];
  sums.all += more.all;
}

void addContinuityTotals(const ContinuityTotals& more, ContinuityTotals& sums) {
  sums.people += more.people;
  sums.onTarget += more.onTarget;
  sums.carers += more.carers;
  sums.slots += more.slots;
  sums.top1Slots += more.top1Slots;
  sums.top3Slots += more.top3Slots;
  sums.indexMillionths += more.indexMillionths;
  sums.indexPeople += more.indexPeople;
  sums.pairsSame += more.pairsSame;
  sums.pairs += more.pairs;
  sums.steps += more.steps;
  sums.stepsKept += more.stepsKept;
}

void addReablementTotals(const ReablementTotals& more, ReablementTotals& sums) {
  for (std::size_t i = 0; i < sums.weekMs.size(); ++i) {
    sums.weekMs[i] += more.weekMs[i];
    sums.weekPeople[i] += more.weekPeople[i];
  }
  sums.firstWeekMs += more.firstWeekMs;
  sums.lastWeekMs += more.lastWeekMs;
}

void addCarePlans(const CarePlanTotals& more, CarePlanTotals& sums) {
  sums.people += more.people;
  sums.prioritiesInPlan += more.prioritiesInPlan;
  sums.prioritiesHow += more.prioritiesHow;
  sums.contingencyInPlan += more.contingencyInPlan;
  sums.dueFirstReview += more.dueFirstReview;
  sums.hadFirstReview += more.hadFirstReview;
  sums.dueYearlyReview += more.dueYearlyReview;
  sums.hadYearlyReview += more.hadYearlyReview;
}

}  // namespace

void addPeople(const PeopleTotals& more, PeopleTotals& sums) {
  addContinuityTotals(more.continuity, sums.continuity);
  addWindow(more.independence.first, sums.independence.first);
  addWindow(more.independence.last, sums.independence.last);
  sums.goals.goals += more.goals.goals;
  sums.goals.improved += more.goals.improved;
  sums.goals.maintained += more.goals.maintained;
  sums.goals.declined += more.goals.declined;
  sums.goals.attained += more.goals.attained;
  addReablementTotals(more.reablement, sums.reablement);
  addCarePlans(more.carePlans, sums.carePlans);
}

PeopleTotals totalPeople(Visits visits, const PeopleByName& people, DayNumber asOf) {
  PeopleTotals totals;
  for (std::size_t begin = 0; begin < visits.size();) {
    std::size_t end = begin + 1;
    while (end < visits.size() && visits[end]->person == visits[begin]->person)
      ++end;
    const Visits own = visits.subspan(begin, end - begin);
    begin = end;
    const ClassifiedVisit& any = *own.front();
    if (any.person < 0)
      continue;
    addContinuity(own, totals.continuity);
    addIndependence(own, totals.independence);
    addGoals(own, totals.goals);
    addReablement(own, totals.reablement);
    const auto found = people.find({any.facts->contractId, any.facts->person});
    if (found != people.end() &&
        std::any_of(own.begin(), own.end(), [](const auto* visit) { return visit->reported(); }))
      addCarePlan(*found->second, asOf, totals.carePlans);
  }
  return totals;
}

}  // namespace doorstep::measures
