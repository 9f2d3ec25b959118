// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/visits/measures/group_totals.h"
#include "shared/visits/measures/measure_table.h"

namespace doorstep::measures {

enum class Flag {
  AttendedThoughCancelled,
  BasisFallback,
  CancelledAfterStart,
  CarerUnknown,
  EndBeforeStart,
  EndWithoutStart,
  NoEnd,
  PersonUnknown,
  PlannedAfterStart,
  RuleAmbiguous,
  TooLong
};
inline constexpr std::array<std::string_view, 11> kFlags{"attended_though_cancelled",
                                                         "basis_fallback",
                                                         "cancelled_after_start",
                                                         "carer_unknown",
                                                         "end_before_start",
                                                         "end_without_start",
                                                         "no_end",
                                                         "person_unknown",
                                                         "planned_after_start",
                                                         "rule_ambiguous",
                                                         "too_long"};

struct Counts {
  std::array<std::int64_t, kExclusions.size()> excluded{};      // by Exclusion
  std::array<std::int64_t, kVisitClasses.size()> reportedAs{};  // reported visits by VisitClass
  std::array<std::int64_t, kFlags.size()> flags{};
  std::int64_t inFile = 0;
  std::int64_t slotsReported = 0;
  std::int64_t slotsAttended = 0;
  std::int64_t lengthsUnknown = 0;

  std::int64_t reported() const;
};

struct NamedFigure {
  std::string id;
  Figure figure;
};

struct GroupFigures {
  Counts counts;
  std::vector<NamedFigure> figures;  // sorted by id
};

// What a group's figures are made of, without its visits: 8 bytes a visit and spread, so that the
// visits of a long time can be taken person by person and forgotten. Two sums may be added where no
// person (contract, pseudonym) has visits in both: bills, packages, continuity and stays are of one
// person's visits, everything else is a sum over visits or a list of values.
struct GroupSums {
  // By place in measureTable(): whether it was asked for, and what its visits add up to.
  std::vector<bool> wanted;
  std::vector<Figure> ofVisits;
  Counts counts;
  GroupTotals totals;
  std::array<std::vector<std::int64_t>, kSpreads> spreads;  // in no order
};

Counts countVisits(const Group& group);

// wanted: as in GroupSums. Cost: the group's visits times the measures wanted.
GroupSums sumGroup(const Group& group, const GroupTotals& totals, std::vector<bool> wanted);

// sums: of the same measures, or new.
void add(const GroupSums& more, GroupSums& sums);

// The figures of the measures wanted, and the shares of funders. Sorts the spreads.
GroupFigures figuresOf(GroupSums& sums);

}  // namespace doorstep::measures
