// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/recomputation.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace doorstep::measures {
namespace {

void countFlags(const ClassifiedVisit& visit, Counts& counts) {
  const auto add = [&](Flag flag, bool set) {
    counts.flags[static_cast<std::size_t>(flag)] += set ? 1 : 0;
  };
  add(Flag::AttendedThoughCancelled, visit.attendedThoughCancelled);
  add(Flag::BasisFallback, visit.basisFallback);
  add(Flag::CancelledAfterStart, visit.cancelledAfterStart);
  add(Flag::PersonUnknown, visit.facts->person.empty());
  add(Flag::PlannedAfterStart, visit.plannedAfterStart);
  add(Flag::RuleAmbiguous, visit.ruleAmbiguous);
  for (const ClassifiedSlot& slot : visit.slots) {
    add(Flag::CarerUnknown, visit.attended() && slot.attended() && slot.facts->carer.empty());
    add(Flag::EndBeforeStart, slot.endBeforeStart);
    add(Flag::EndWithoutStart, slot.endWithoutStart);
    add(Flag::NoEnd, slot.noEnd);
    add(Flag::TooLong, slot.tooLong);
  }
}

Counts countVisits(const Group& group) {
  Counts counts;
  for (const ClassifiedVisit* visit : group.visits) {
    ++counts.inFile;
    ++counts.excluded[static_cast<std::size_t>(visit->exclusion)];
    if (visit->lookedAt())
      countFlags(*visit, counts);
    if (!visit->reported())
      continue;
    ++counts.reportedAs[static_cast<std::size_t>(visit->visitClass)];
    counts.slotsReported += static_cast<std::int64_t>(visit->slots.size());
    for (const ClassifiedSlot& slot : visit->slots) {
      if (!visit->isAttended() || !slot.attended())
        continue;
      ++counts.slotsAttended;
      counts.lengthsUnknown += slot.lengthMs ? 0 : 1;
    }
  }
  return counts;
}

using Spreads = std::array<std::vector<std::int64_t>, kSpreads>;

Spreads spreadsOf(const Group& group) {
  Spreads spreads;
  for (std::size_t i = 0; i < kSpreads; ++i) {
    for (const ClassifiedVisit* visit : group.visits)
      spreadTable()[i].ofVisit(*visit, spreads[i]);
    std::sort(spreads[i].begin(), spreads[i].end());
  }
  return spreads;
}

Figure sumOf(const Measure& measure, const Group& group) {
  Figure sum;
  for (const ClassifiedVisit* visit : group.visits)
    measure.ofVisit(*visit, sum);
  if (measure.denominator != 0)
    sum.denominator = measure.denominator;
  return sum;
}

}  // namespace

std::int64_t Counts::reported() const { return excluded[0]; }

Recomputation::Recomputation(const MeasureInput& input, const MeasureQuery& query)
    : input_(input), query_(query) {
  minutesFit_ = std::all_of(query.by.begin(), query.by.end(),
                            [](const Dimension* d) { return d->ofMinutes != nullptr; });
  for (const VisitFacts& visit : input.visits)
    asOfMs_ = std::max(asOfMs_.value_or(visit.exportedMs), visit.exportedMs);
  visits_ = classify(input.visits, input.rules);
  units_ = bill(visits_);
  if (input.people)
    for (const PersonFacts& person : *input.people)
      people_.try_emplace({person.contractId, person.person}, &person);
  if (query.by.empty())
    groups_[{}];
  groupVisits();
  groupMinutes();
}

bool Recomputation::isInPeriod(DayNumber day) const {
  return (!query_.from || day >= *query_.from) && (!query_.to || day <= *query_.to);
}

Group& Recomputation::groupOf(const ClassifiedVisit& visit) {
  Key key;
  for (const Dimension* dimension : query_.by)
    key.push_back(dimension->ofVisit(visit));
  return groups_[std::move(key)];
}

void Recomputation::groupVisits() {
  std::vector<const ClassifiedVisit*> order;
  for (const ClassifiedVisit& visit : visits_)
    if (isInPeriod(visit.day))
      order.push_back(&visit);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return a->person != b->person ? a->person < b->person : comesBefore(*a, *b);
  });
  for (const ClassifiedVisit* visit : order)
    groupOf(*visit).visits.push_back(visit);
  for (const BillingUnit& unit : units_)
    if (isInPeriod(visits_[unit.visit].day))
      groupOf(visits_[unit.visit]).units.push_back(&unit);
}

void Recomputation::groupMinutes() {
  if (!minutesFit_)
    return;
  const auto add = [&](const std::optional<std::vector<WeekMinutes>>& rows,
                       std::vector<const WeekMinutes*> Group::*member) {
    if (!rows)
      return;
    for (const WeekMinutes& row : *rows) {
      if (!isInPeriod(row.weekStart))
        continue;
      Key key;
      for (const Dimension* dimension : query_.by)
        key.push_back(dimension->ofMinutes(row));
      (groups_[std::move(key)].*member).push_back(&row);
    }
  };
  add(input_.packages, &Group::packages);
  add(input_.invoices, &Group::invoices);
}

bool Recomputation::isShown(Needs needs) const {
  switch (needs) {
    case Needs::Visits:
      return true;
    case Needs::People:
      return input_.people.has_value();
    case Needs::Packages:
      return minutesFit_ && input_.packages;
    case Needs::Invoices:
      return minutesFit_ && input_.invoices;
    case Needs::PackagesAndInvoices:
      return minutesFit_ && input_.packages && input_.invoices;
  }
  return false;
}

std::vector<RuleUse> Recomputation::rulesInUse() const {
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> uses;
  for (const ClassifiedVisit& visit : visits_)
    if (visit.version)
      ++uses[{visit.facts->contractId, visit.version->number}];
  std::vector<RuleUse> all;
  for (const auto& [version, visits] : uses)
    all.push_back({version.first, version.second, visits});
  return all;
}

GroupFigures Recomputation::figuresOf(const Group& group, const std::set<std::string>& only) const {
  GroupFigures result;
  result.counts = countVisits(group);
  const DayNumber asOf = asOfMs_ ? localTime(*asOfMs_).day : 0;
  const GroupTotals totals = totalGroup(group, visits_, input_.rules, people_, asOf);
  std::optional<Spreads> spreads;  // made when the first quantile is asked for
  for (const Measure& measure : measureTable()) {
    if (!isShown(measure.needs) || (!only.empty() && only.count(std::string(measure.id)) == 0))
      continue;
    Figure figure;
    if (measure.ofVisit) {
      figure = sumOf(measure, group);
    } else if (measure.ofGroup) {
      figure = measure.ofGroup(totals);
    } else {
      const auto spread = static_cast<std::size_t>(measure.spread);
      if (!spreads)
        spreads = spreadsOf(group);
      figure = quantile((*spreads)[spread], measure.percent, spreadTable()[spread].unitMs);
    }
    result.figures.push_back({std::string(measure.id), figure});
  }
  for (const auto& [funder, ms] : totals.fundedMs)
    result.figures.push_back({std::string(kRechargePrefix) + funder, {ms, kFundedPerMinute}});
  std::sort(result.figures.begin(), result.figures.end(),
            [](const NamedFigure& a, const NamedFigure& b) { return a.id < b.id; });
  return result;
}

}  // namespace doorstep::measures
