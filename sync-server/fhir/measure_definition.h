// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sync-server/fhir/terms.h"

namespace doorstep::fhir {

// Every measure as a Measure: what it is called and says (docs/measures.md), how it is scored, its
// populations, and which way is better. Beside those of the table: the visits by what became of
// them, and the shares of funders. By id. Pure.
std::vector<Json> measureDefinitions();

}  // namespace doorstep::fhir
