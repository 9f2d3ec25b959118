// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/group_totals.h"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace doorstep::measures {
namespace {

// Contract, person, kind of service.
using PackageKey = std::tuple<std::string_view, std::string_view, ServiceKind>;
using Weeks = std::map<DayNumber, Wide>;

bool isInWaterfall(const ClassifiedVisit& visit) {
  return visit.reported() || visit.exclusion == Exclusion::Exempt ||
         visit.exclusion == Exclusion::NoEntry || visit.exclusion == Exclusion::Open;
}

// Drifted: what was delivered in the package's last weeks is far from what was ordered.
void countDrift(const PackageKey& key, const Weeks& ordered, const Weeks* delivered,
                const RuleBook& rules, GroupTotals& totals) {
  const auto lastWeek = ordered.rbegin()->first;
  const RuleVersion* version = rules.at(std::get<0>(key), lastWeek);
  if (!version || Wide{version->rules.driftWeeks} > static_cast<std::int64_t>(ordered.size()))
    return;
  Wide orderedMs = 0;
  Wide deliveredMs = 0;
  std::int64_t left = version->rules.driftWeeks;
  for (auto week = ordered.rbegin(); left > 0; ++week, --left) {
    orderedMs += week->second;
    if (delivered && delivered->count(week->first))
      deliveredMs += delivered->at(week->first);
  }
  if (orderedMs <= 0)
    return;
  ++totals.packagesCounted;
  const Wide hundredfold = cappedProduct(deliveredMs, 100);
  totals.packagesDrifted += hundredfold < cappedProduct(orderedMs, version->rules.driftLowPct) ||
                            hundredfold > cappedProduct(orderedMs, version->rules.driftHighPct);
}

void totalPackages(const Group& group, const RuleBook& rules, GroupTotals& totals) {
  std::map<PackageKey, Weeks> ordered;
  for (const WeekMinutes* package : group.packages) {
    const Wide ms = Wide{package->minutes} * kMinuteMs;
    totals.commissionedMs += ms;
    ordered[{package->contractId, package->person, package->serviceKind}][package->weekStart] += ms;
  }
  for (const WeekMinutes* invoice : group.invoices)
    totals.invoicedMs += Wide{invoice->minutes} * kMinuteMs;
  if (ordered.empty())
    return;
  std::map<PackageKey, Weeks> delivered;
  for (const ClassifiedVisit* visit : group.visits) {
    const PackageKey key(visit->facts->contractId, visit->facts->person, visit->facts->serviceKind);
    if (ordered.count(key))
      delivered[key][visit->week] += waterfallDeliveredMs(*visit);
  }
  for (const auto& [key, weeks] : ordered) {
    const auto found = delivered.find(key);
    countDrift(key, weeks, found == delivered.end() ? nullptr : &found->second, rules, totals);
  }
}

}  // namespace

Wide waterfallPlannedMs(const ClassifiedVisit& visit) {
  if (!isInWaterfall(visit))
    return 0;
  const Plan& plan = visit.final ? *visit.final : *visit.basis;
  return Wide{plan.lengthMs()} * static_cast<int>(visit.slots.size());
}

Wide waterfallDeliveredMs(const ClassifiedVisit& visit) {
  Wide sum = 0;
  if (isInWaterfall(visit))
    for (const ClassifiedSlot& slot : visit.slots)
      if (slot.attended() && slot.lengthMs)
        sum += *slot.lengthMs;
  return sum;
}

GroupTotals totalGroup(const Group& group, std::span<const ClassifiedVisit> visits,
                       const RuleBook& rules, const PeopleByName& people, DayNumber asOf) {
  GroupTotals totals;
  for (const ClassifiedVisit* visit : group.visits) {
    totals.plannedMs += waterfallPlannedMs(*visit);
    totals.deliveredMs += waterfallDeliveredMs(*visit);
    if (visit->attended())
      for (const ClassifiedSlot& slot : visit->slots)
        if (slot.attended() && slot.lengthMs)
          totals.cappedMs += std::min(*slot.lengthMs, visit->planMs());
  }
  for (const BillingUnit* unit : group.units) {
    totals.billableMs += unit->billableMs;
    totals.driftMs += unit->driftMs;
    if (unit->isBilled)
      for (const FunderShare& funder : visits[unit->visit].facts->funders)
        totals.fundedMs[funder.funder] += unit->billableMs * funder.share;
  }
  totalPackages(group, rules, totals);
  totals.people = totalPeople(group.visits, people, asOf);
  return totals;
}

void addTotals(const GroupTotals& more, GroupTotals& sums) {
  sums.plannedMs += more.plannedMs;
  sums.deliveredMs += more.deliveredMs;
  sums.cappedMs += more.cappedMs;
  sums.billableMs += more.billableMs;
  sums.driftMs += more.driftMs;
  for (const auto& [funder, ms] : more.fundedMs)
    sums.fundedMs[funder] += ms;
  sums.commissionedMs += more.commissionedMs;
  sums.invoicedMs += more.invoicedMs;
  sums.packagesCounted += more.packagesCounted;
  sums.packagesDrifted += more.packagesDrifted;
  addPeople(more.people, sums.people);
}

}  // namespace doorstep::measures
