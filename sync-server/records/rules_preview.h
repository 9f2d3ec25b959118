// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/visits/measures/classified_visit.h"
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

// Before and after: under the one rules and the other.
struct RulesPreview {
  struct Measure {
    std::string id;
    measures::Figure before;
    measures::Figure after;
  };
  struct Changed {
    std::size_t visit = 0;  // index of the facts
    measures::DayNumber day = 0;
    RuledClass before;
    RuledClass after;
  };
  std::size_t visits = 0;
  std::vector<Measure> measures;  // by id
  std::size_t visitsChanged = 0;
  std::map<std::pair<RuledClass, RuledClass>, std::size_t> classChanges;
  std::vector<Changed> changed;  // in the order of the facts, the first of them
};

// What the visits are, and their measures, under two books of rules. Pure. goOn is asked between
// the steps; its error ends the work and is returned. Cost: twice a recomputation of the visits.
// Thread: any.
Result<RulesPreview> previewRules(std::vector<measures::VisitFacts> visits,
                                  measures::RuleBook before, measures::RuleBook after,
                                  std::size_t changedMax, const std::function<Status()>& goOn);

}  // namespace doorstep::records
