// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/recomputation.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace doorstep::measures {

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

GroupSums Recomputation::sumsOf(const Group& group, const std::set<std::string>& only) const {
  std::vector<bool> wanted;
  for (const Measure& measure : measureTable())
    wanted.push_back(isShown(measure.needs) &&
                     (only.empty() || only.count(std::string(measure.id)) != 0));
  const DayNumber asOf = asOfMs_ ? localTime(*asOfMs_).day : 0;
  return sumGroup(group, totalGroup(group, visits_, input_.rules, people_, asOf),
                  std::move(wanted));
}

GroupFigures Recomputation::figuresOf(const Group& group, const std::set<std::string>& only) const {
  GroupSums sums = sumsOf(group, only);
  return measures::figuresOf(sums);
}

}  // namespace doorstep::measures
