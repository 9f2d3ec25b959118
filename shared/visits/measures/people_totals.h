// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "shared/visits/measures/classified_visit.h"
#include "shared/visits/measures/wide.h"

namespace doorstep::measures {

// What is counted person by person over the visits of a group, in the order in which they come.
// Such figures do not add up over groups.

constexpr int kReablementWeeks = 6;

struct ContinuityTotals {
  Wide people = 0;
  Wide onTarget = 0;
  Wide carers = 0;  // distinct ones, summed over people
  Wide slots = 0;
  Wide top1Slots = 0;
  Wide top3Slots = 0;
  Wide indexMillionths = 0;  // over people with two slots or more
  Wide indexPeople = 0;
  Wide pairsSame = 0;
  Wide pairs = 0;
  Wide steps = 0;
  Wide stepsKept = 0;
};

// Tasks by how much the person did, of the first and the last 28 days.
struct IndependenceTotals {
  struct Window {
    std::array<Wide, 4> counts{};  // self, prompted, assisted, full
    Wide all = 0;
  };
  Window first;
  Window last;
};

struct GoalTotals {
  Wide goals = 0;
  Wide improved = 0;
  Wide maintained = 0;
  Wide declined = 0;
  Wide attained = 0;
};

struct ReablementTotals {
  std::array<Wide, kReablementWeeks> weekMs{};
  std::array<Wide, kReablementWeeks> weekPeople{};
  Wide firstWeekMs = 0;  // of people with more than one week
  Wide lastWeekMs = 0;
};

// People who had a reported visit and stand in people.csv.
struct CarePlanTotals {
  Wide people = 0;
  Wide prioritiesInPlan = 0;
  Wide prioritiesHow = 0;
  Wide contingencyInPlan = 0;
  Wide dueFirstReview = 0;
  Wide hadFirstReview = 0;
  Wide dueYearlyReview = 0;
  Wide hadYearlyReview = 0;
};

struct PeopleTotals {
  ContinuityTotals continuity;
  IndependenceTotals independence;
  GoalTotals goals;
  ReablementTotals reablement;
  CarePlanTotals carePlans;
};

// By (contract, pseudonym).
using PeopleByName = std::map<std::pair<std::string_view, std::string_view>, const PersonFacts*>;

// visits: of one group, each person's together and in the order in which they come; those of
// unknown people are left out. asOf: the local day of the newest export.
PeopleTotals totalPeople(std::span<const ClassifiedVisit* const> visits, const PeopleByName& people,
                         DayNumber asOf);

// What both are together, where no person has visits in both.
void addPeople(const PeopleTotals& more, PeopleTotals& sums);

// Adds one person's visits. In people_totals_continuity.cpp.
void addContinuity(std::span<const ClassifiedVisit* const> visits, ContinuityTotals& totals);

}  // namespace doorstep::measures
