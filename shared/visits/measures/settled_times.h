// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/visits/measures/classified_visit.h"

namespace doorstep::measures {

// The first step of classify, of one visit alone: which plans count, which rules hold, which times
// its slots have, and what is excluded before anybody asks who came. Pure.
ClassifiedVisit settleTimes(const VisitFacts& facts, const RuleBook& rules);

}  // namespace doorstep::measures
