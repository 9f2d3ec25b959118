// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "shared/visits/measures/billing.h"
#include "shared/visits/measures/people_totals.h"

namespace doorstep::measures {

// A group's part of everything that figures are made from.
struct Group {
  std::vector<const ClassifiedVisit*> visits;  // as totalPeople wants them
  std::vector<const BillingUnit*> units;
  std::vector<const WeekMinutes*> packages;
  std::vector<const WeekMinutes*> invoices;
};

// Sums of a group that more than one measure needs, or that are no sum over single visits.
struct GroupTotals {
  Wide plannedMs = 0;    // the waterfall's
  Wide deliveredMs = 0;  // the waterfall's
  Wide cappedMs = 0;     // reported and no longer than planned
  Wide billableMs = 0;
  Wide driftMs = 0;
  std::map<std::string, Wide> fundedMs;  // billable time times share of 10,000
  Wide commissionedMs = 0;
  Wide invoicedMs = 0;
  Wide packagesCounted = 0;
  Wide packagesDrifted = 0;
  PeopleTotals people;
};

// visits: those that the units' indices mean.
GroupTotals totalGroup(const Group& group, std::span<const ClassifiedVisit> visits,
                       const RuleBook& rules, const PeopleByName& people, DayNumber asOf);

// What both are together, where no person has visits in both.
void addTotals(const GroupTotals& more, GroupTotals& sums);

// The waterfall's minutes of a visit: planned by the final plan, and delivered.
Wide waterfallPlannedMs(const ClassifiedVisit& visit);
Wide waterfallDeliveredMs(const ClassifiedVisit& visit);

// Whole minutes times this are a figure's numerator.
constexpr std::int64_t kFundedPerMinute = kMinuteMs * 10'000;

}  // namespace doorstep::measures
