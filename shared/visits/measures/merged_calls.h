// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "shared/visits/measures/classified_visit.h"

namespace doorstep::measures {

// A step of classify, under the rule `merged`. Records of several calls that follow one another
// within minutes, with a carer in common, are one stay, and one stay satisfies one plan: calls
// whose plans lie apart from the one nearest to the stay's start become missed, their attended
// slots too. Calls planned back to back are one block and are satisfied together. Pure.
void satisfyOnePlanEach(std::vector<ClassifiedVisit>& visits);

}  // namespace doorstep::measures
