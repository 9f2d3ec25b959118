// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "shared/visits/measures/classified_visit.h"
#include "shared/visits/measures/group_sums.h"
#include "shared/visits/measures/recomputation.h"
#include "shared/visits/measures/rules.h"
#include "shared/visits/measures/visit_facts.h"
#include "shared/visits/measures/wide.h"

namespace doorstep::records {

// What rules make of a visit, as far as a reader sees it.
struct RuledClass {
  measures::VisitClass visitClass = measures::VisitClass::None;
  measures::Cause cause = measures::Cause::None;
  measures::Exclusion exclusion = measures::Exclusion::None;
  measures::Punctuality punctuality = measures::Punctuality::None;
  auto operator<=>(const RuledClass&) const = default;
};

// Old class and new class: a cell of the matrix.
using ClassPair = std::pair<RuledClass, RuledClass>;

// Two books of rules and the days that are looked at; a visit is of them that either book puts
// there.
struct RulesChange {
  measures::RuleBook before;
  measures::RuleBook after;
  measures::DayNumber from = 0;  // inclusive, as `to`
  measures::DayNumber to = 0;
};

struct TwiceRuled {
  std::size_t visit = 0;        // index of the facts
  measures::DayNumber day = 0;  // before
  std::int64_t anchorMs = 0;
  ClassPair classes;
};

// The visits of the days, in the order of the facts. Pure. visits: as for RulesPreview::add.
std::vector<TwiceRuled> ruleTwice(std::vector<measures::VisitFacts> visits,
                                  const RulesChange& change);

// What visits are, and their measures, under two books of rules. Visits are given a few people at a
// time and forgotten; figures are those of Recomputation over all of them at once. Cost: twice a
// recomputation; memory: GroupSums. Thread: one.
class RulesPreview {
 public:
  struct Measure {
    std::string id;
    measures::Figure before;
    measures::Figure after;
  };
  // change outlives it.
  explicit RulesPreview(const RulesChange& change);

  // All visits of a few people that can matter to the days (reachDays), of nobody twice; exportedMs
  // is the same in all calls. Returns those of the days, in the order of the facts.
  std::vector<TwiceRuled> add(std::vector<measures::VisitFacts> visits);

  std::size_t visits() const { return visits_; }
  std::size_t visitsChanged() const;
  const std::map<ClassPair, std::size_t>& classes() const { return classes_; }
  // By id. Once, after the last add.
  std::vector<Measure> measures();

 private:
  const RulesChange& change_;
  measures::MeasureQuery query_;
  measures::GroupSums before_;
  measures::GroupSums after_;
  std::size_t visits_ = 0;
  std::map<ClassPair, std::size_t> classes_;
};

}  // namespace doorstep::records
