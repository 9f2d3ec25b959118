// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "shared/visits/measures/classified_visit.h"

namespace doorstep::measures {

// Classifies visits under their contracts' rules; docs/measures.md says what the classes mean.
// Pure, and independent of the order of visits: a visit's class depends on itself and on the same
// person's visits of the same basis day, so that those of one person and day may be classified
// alone. The result is in the order of the visits and points into visits and rules. Thread: any.
std::vector<ClassifiedVisit> classify(std::span<const VisitFacts> visits, const RuleBook& rules);

}  // namespace doorstep::measures
