// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/faults.h"
#include "tests/simulation/simulated_server.h"

namespace doorstep::simulation {

// I17: whatever the office changes now (plan, lot, rules), no record of a visit whose latest start
// has passed changes its class, lateness, day, lot, contract or rules. Taken before and after a
// change, at one moment and with nothing recorded in between.
struct PastRecord {
  std::vector<std::string> slots;  // class and lateness of each, sorted
  std::string under;               // day, lot, contract and rules
  bool cancelled = false;          // by the newest plan: what is called off is another matter
};
using PastRecords = std::map<VisitId, PastRecord>;

Result<PastRecords> pastRecords(SimulatedServer& server, std::int64_t nowUnixMs, Planted planted);
// Empty: nothing moved.
std::string movedRecord(const PastRecords& before, const PastRecords& after);

}  // namespace doorstep::simulation
