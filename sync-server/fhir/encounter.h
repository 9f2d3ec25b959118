// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sync-server/fhir/exported_visit.h"

namespace doorstep::fhir {

// What took place: an Encounter of class home health for each slot whose carer came and that the
// rules do not call missed. Its period is the approved times, else the ruled ones; what the phone's
// clock showed stands beside it in an extension. Pure.
std::vector<Json> encounters(const ExportedVisit& visit);

}  // namespace doorstep::fhir
