// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "tests/simulation/faults.h"
#include "tests/simulation/simulated_phone.h"

namespace doorstep::simulation {

// What the pages of the phone show: round, visit and office as the app's gateway asks app::Phone
// for them. With a planted bug they show what a release without the mending would have shown.
projections::RoundScreen roundOf(const SimulatedPhone& phone, Planted planted);
projections::OfficeScreen officeOf(const SimulatedPhone& phone, Planted planted);

// Names of the people of all visits that were ever planned, by any id of the visit.
using VisitNames = std::map<VisitId, std::string>;

// I13: what is begun and not ended is on the round, under the name last known, and can be ended;
// every visit of the coming hours that the phone holds is there, also at midnight.
std::string checkRound(const SimulatedPhone& phone, const VisitNames& names, std::int64_t nowUnixMs,
                       Planted planted, SometimesCounts& sometimes);
// I7: what is not in the log is never shown as received. logged: numbers of the phone's events that
// are in the log.
std::string checkOffice(const SimulatedPhone& phone, const std::set<std::uint64_t>& logged,
                        Planted planted);

}  // namespace doorstep::simulation
