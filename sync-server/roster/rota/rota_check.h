// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sync-server/roster/rota/rota.h"

namespace doorstep::roster {

// What an office hands in must hold something: a file of names of columns alone is a file that
// could not be written, or not be read. Called by whoever imports for a person, after readRota.
void checkFilled(const Rota& rota, FaultList& faults);

// The second half of readRota: what only all rows together can tell. Slots that are missing, visits
// that must follow each other in a circle, carers with more visits a day than a phone can take.
void checkVisits(const Rota& rota, FaultList& faults);

}  // namespace doorstep::roster
