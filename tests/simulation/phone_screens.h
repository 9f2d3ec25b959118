// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "tests/simulation/faults.h"
#include "tests/simulation/simulated_phone.h"

namespace doorstep::simulation {

// The phone's pages round and office as the app's gateway reads them from app::Phone. With a
// planted bug they show what a release with that bug would show.
projections::RoundScreen roundOf(const SimulatedPhone& phone, Planted planted);
projections::OfficeScreen officeOf(const SimulatedPhone& phone, Planted planted);

// Names of the people of all visits that were ever planned, by any id of the visit.
using VisitNames = std::map<VisitId, std::string>;

// I13: a visit in progress is on the round, with its last known name, and can be ended; every visit
// of the coming hours in the phone's plan is there, also at midnight.
std::string checkRound(const SimulatedPhone& phone, const VisitNames& names, std::int64_t nowUnixMs,
                       Planted planted, SometimesCounts& sometimes);
// I7: an event that is not in the log is never shown as received. logged: numbers of the phone's
// events in the log.
std::string checkOffice(const SimulatedPhone& phone, const std::set<std::uint64_t>& logged,
                        Planted planted);

}  // namespace doorstep::simulation
