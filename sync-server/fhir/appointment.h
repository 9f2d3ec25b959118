// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sync-server/fhir/exported_visit.h"

namespace doorstep::fhir {

// The planned visit as an Appointment: the newest plan's window of starts and its end, the minutes
// planned, the person and one participant a carer slot. Its status is what the rules make of the
// visit: a missed one is cancelled by the provider ("prov", and "missed" of ours), one at whose
// door nobody opened is a noshow (docs/fhir.md). Pure.
Json appointment(const ExportedVisit& visit);

}  // namespace doorstep::fhir
