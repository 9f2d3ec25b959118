// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "shared/visits/measures/classification.h"
#include "shared/visits/measures/dimensions.h"
#include "shared/visits/measures/group_sums.h"

namespace doorstep::measures {

// Everything that figures are computed from. What is not given leaves its measures out.
struct MeasureInput {
  std::vector<VisitFacts> visits;  // each (provider, visitId) once
  RuleBook rules;
  std::optional<std::vector<WeekMinutes>> packages;
  std::optional<std::vector<WeekMinutes>> invoices;
  std::optional<std::vector<PersonFacts>> people;
};

struct MeasureQuery {
  std::vector<const Dimension*> by;  // each once
  std::optional<DayNumber> from;     // inclusive, as `to`
  std::optional<DayNumber> to;
};

// Rules in use: how many visits of a contract's each version classifies.
struct RuleUse {
  std::string contractId;
  std::int64_t number = 0;
  std::int64_t visits = 0;
};

// The measures of an input, group by group. Construction classifies and bills everything; a group's
// figures are computed when they are asked for, so that memory does not grow with groups times
// measures. Pure. Thread: one.
class Recomputation {
 public:
  // input and query must outlive it.
  Recomputation(const MeasureInput& input, const MeasureQuery& query);

  const std::vector<ClassifiedVisit>& visits() const { return visits_; }
  // The newest export; absent: there are no visits.
  std::optional<std::int64_t> asOfMs() const { return asOfMs_; }
  std::vector<RuleUse> rulesInUse() const;

  // Values of the query's dimensions, in their order; sorted.
  const std::map<std::vector<std::string>, Group>& groups() const { return groups_; }
  // only: ids to compute, empty for all; shares of funders always are. Cost: the group's visits
  // times the ids.
  GroupFigures figuresOf(const Group& group, const std::set<std::string>& only = {}) const;
  // The same before division and ranks, to be added to those of other people's visits.
  GroupSums sumsOf(const Group& group, const std::set<std::string>& only = {}) const;

 private:
  using Key = std::vector<std::string>;

  bool isInPeriod(DayNumber day) const;
  Group& groupOf(const ClassifiedVisit& visit);
  void groupVisits();
  void groupMinutes();
  bool isShown(Needs needs) const;

  const MeasureInput& input_;
  const MeasureQuery& query_;
  bool minutesFit_ = false;  // packages and invoices know every dimension that is asked for
  std::optional<std::int64_t> asOfMs_;
  std::vector<ClassifiedVisit> visits_;
  std::vector<BillingUnit> units_;
  PeopleByName people_;
  std::map<Key, Group> groups_;
};

}  // namespace doorstep::measures
