// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sync-server/roster/rota/rota.h"

namespace doorstep::roster {

// A rota must have content: a file with only column names was not written or not read properly.
// Called after readRota by callers that import for a person.
void checkFilled(const Rota& rota, FaultList& faults);

// Second half of readRota: checks that need all rows. Missing slots, circular successions of
// visits, carers with more visits a day than a phone can take.
void checkVisits(const Rota& rota, FaultList& faults);

}  // namespace doorstep::roster
