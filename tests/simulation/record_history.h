// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/faults.h"
#include "tests/simulation/simulated_server.h"

namespace doorstep::simulation {

// I17: no later change by the office (plan, lot, rules) changes class, lateness, day, lot, contract
// or rules of a visit whose latest start has passed. Read before and after a change, at one time
// and with no event in between.
struct PastRecord {
  std::vector<std::string> slots;  // class and lateness of each, sorted
  std::string under;               // day, lot, contract and rules
};
using PastRecords = std::map<VisitId, PastRecord>;

Result<PastRecords> pastRecords(SimulatedServer& server, std::int64_t nowUnixMs, Planted planted);
// Empty: nothing has changed.
std::string movedRecord(const PastRecords& before, const PastRecords& after);

}  // namespace doorstep::simulation
