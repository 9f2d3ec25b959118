// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sync-server/fhir/exported_visit.h"

namespace doorstep::fhir {

// Who said what of a visit, when and why: a Provenance for what a carer's phone recorded of a slot,
// with the entries of the provider's log that hold it as its entities; one for times that a
// supervisor approved in place of it, and one for her explanation, with reason and action. Each is
// about the slot's Encounter, else the visit's Appointment. Notes are left out. Pure.
std::vector<Json> provenances(const ExportedVisit& visit);

}  // namespace doorstep::fhir
