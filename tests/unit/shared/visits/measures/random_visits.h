// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "shared/visits/measures/recomputation.h"

namespace doorstep::support {

// Visits of a few people, carers and providers over some days, with everything that happens to
// visits in it, drawn from RapidCheck: inside a property only. Times lie close to each other's
// limits, so that every rule has something to decide.
std::vector<measures::VisitFacts> randomVisits();

// Rules of contract K1, and of all others: two versions each.
measures::RuleBook randomRules();
measures::Rules randomRuleSet();

// The rules for all days and contracts.
measures::RuleBook always(const measures::Rules& rules);

}  // namespace doorstep::support
