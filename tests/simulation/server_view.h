// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tests/simulation/doors.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/simulated_server.h"

namespace doorstep::simulation {

// What supervisors and councils see, held against what the log says in the simulator's own reading:
// for each carer her doors, by the ids of the visits as they are planned now.
using DoorsOfCarers = std::map<CarerId, Doors>;

// I14: today's board as it would be loaded now. Every visit that somebody is in stands on it, as a
// visit that somebody is in; none that somebody came to is "cancelled".
std::string checkBoard(SimulatedServer& server, const DoorsOfCarers& log, std::int64_t nowUnixMs,
                       Planted planted, SometimesCounts& sometimes);
// I15, at the end: each visit's records are what its carers did, row by row, and no council's
// record says that a visit to which somebody came was cancelled.
std::string checkRecords(SimulatedServer& server, const DoorsOfCarers& log, std::int64_t nowUnixMs,
                         Planted planted);

}  // namespace doorstep::simulation
