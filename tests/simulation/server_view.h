// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tests/simulation/doors.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/simulated_server.h"

namespace doorstep::simulation {

// The views of supervisors and councils compared with the log as read by the simulator: for each
// carer her visits (Doors), by visit id of the present plan.
using DoorsOfCarers = std::map<CarerId, Doors>;

// I14: today's board as loaded now. Every visit with a carer in it is shown as such; no attended
// visit is "cancelled".
std::string checkBoard(SimulatedServer& server, const DoorsOfCarers& log, std::int64_t nowUnixMs,
                       Planted planted, SometimesCounts& sometimes);
// I15 and I21, at the end: each visit's records match what its carers did, row by row, no council
// record shows an attended visit as cancelled, and what is kept of each visit is what log and plan
// come to.
std::string checkRecords(SimulatedServer& server, const DoorsOfCarers& log, std::int64_t nowUnixMs,
                         Planted planted);

}  // namespace doorstep::simulation
