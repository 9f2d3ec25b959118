// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <set>

#include "shared/visits/measures/people_totals.h"

namespace doorstep::measures {
namespace {

using Visits = std::span<const ClassifiedVisit* const>;
using Carers = std::set<std::string_view>;

constexpr DayNumber kDaysAWeek = 7;
constexpr Wide kMillion = 1'000'000;

// Known carers of the slots that were attended.
Carers carersOf(const ClassifiedVisit& visit) {
  Carers carers;
  if (visit.attended())
    for (const ClassifiedSlot& slot : visit.slots)
      if (slot.attended() && !slot.facts->carer.empty())
        carers.insert(slot.facts->carer);
  return carers;
}

bool shareOne(const Carers& a, const Carers& b) {
  return std::any_of(a.begin(), a.end(), [&](std::string_view carer) { return b.count(carer); });
}

// The carers that the rules of the person's last visit allow for so many visits in so many days.
bool isOnTarget(Visits visits, std::size_t carers) {
  const auto [first, last] = std::minmax_element(
      visits.begin(), visits.end(), [](const auto* a, const auto* b) { return a->day < b->day; });
  const DayNumber days = std::max(kDaysAWeek, (*last)->day - (*first)->day + 1);
  const Rules& rules = *visits.back()->rules;
  const Wide sevenfold = Wide{kDaysAWeek} * static_cast<std::int64_t>(visits.size());
  const auto fits = std::find_if(
      rules.continuityTargets.begin(), rules.continuityTargets.end(),
      [&](const CarerTarget& target) { return sevenfold <= Wide{target.visits} * days; });
  const CarerTarget& target =
      fits == rules.continuityTargets.end() ? rules.continuityTargets.back() : *fits;
  const bool doubled = std::any_of(visits.begin(), visits.end(), [](const auto* visit) {
    return visit->facts->carersRequired >= 2;
  });
  const Wide percent = 100 + (doubled ? Wide{rules.continuityDoubleExtraPct} : Wide{0});
  return Wide{100} * static_cast<std::int64_t>(carers) <= target.carers * percent;
}

// slots: how many each carer had.
void addIndex(const std::map<std::string_view, std::int64_t>& slots, Wide all,
              ContinuityTotals& totals) {
  if (all < 2)
    return;
  Wide squares = 0;
  for (const auto& [carer, count] : slots)
    squares += Wide{count} * count;
  const Wide same = squares - all;
  const Wide pairs = all * (all - 1);
  totals.pairsSame += same;
  totals.pairs += pairs;
  totals.indexMillionths += (2 * same * kMillion + pairs) / (2 * pairs);  // half up
  ++totals.indexPeople;
}

}  // namespace

void addContinuity(Visits visits, ContinuityTotals& totals) {
  std::vector<const ClassifiedVisit*> counted;
  std::map<std::string_view, std::int64_t> slots;
  Wide all = 0;
  Carers before;
  for (const auto* visit : visits) {
    Carers carers = carersOf(*visit);
    if (carers.empty())
      continue;
    for (const ClassifiedSlot& slot : visit->slots) {
      if (!slot.attended() || slot.facts->carer.empty())
        continue;
      ++slots[slot.facts->carer];
      ++all;
    }
    if (!counted.empty()) {
      ++totals.steps;
      totals.stepsKept += shareOne(before, carers);
    }
    before = std::move(carers);
    counted.push_back(visit);
  }
  if (counted.empty())
    return;
  ++totals.people;
  totals.carers += static_cast<std::int64_t>(slots.size());
  totals.slots += all;
  totals.onTarget += isOnTarget(counted, slots.size());
  std::vector<std::int64_t> counts;
  for (const auto& [carer, count] : slots)
    counts.push_back(count);
  std::sort(counts.begin(), counts.end(), std::greater<>());
  for (std::size_t i = 0; i < counts.size() && i < 3; ++i)
    totals.top3Slots += counts[i];
  totals.top1Slots += counts.front();
  addIndex(slots, all, totals);
}

}  // namespace doorstep::measures
