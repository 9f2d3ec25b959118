// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/faults.h"
#include "tests/simulation/simulated_server.h"

namespace doorstep::simulation {

// I17: no later change by the office (plan, lot, rules) changes class, lateness, day, lot,
// contract, council or rules of a visit whose latest start has passed. I20: only a correction does,
// of what it names and from its day on, and such a record says why and what it showed before. Read
// before and after a change, at one time and with no event in between.
struct PastRecord {
  std::vector<std::string> slots;  // class and lateness of each, sorted
  ProviderId provider;
  std::string person;    // ref
  std::int64_t day = 0;  // local
  std::string lot;
  std::string contract;  // with its council; empty: none
  std::string rules;
  std::string correction;              // its reason; empty: none
  std::vector<std::string> lots;       // that it showed before the correction, oldest first
  std::vector<std::string> contracts;  // likewise
};
using PastRecords = std::map<VisitId, PastRecord>;

// A file of the first provider that says otherwise what held on days that have begun.
struct Correction {
  std::string person;  // ref; empty: of a lot
  std::string lot;     // that is the person's, or that passes to another contract
  std::int64_t fromDay = 0;
  std::string reason;
};

Result<PastRecords> pastRecords(SimulatedServer& server, std::int64_t nowUnixMs, Planted planted);
// The violation; empty: nothing has changed but what the correction (null: none) is about.
std::string movedRecord(const PastRecords& before, const PastRecords& after, ProviderId first,
                        const Correction* correction, SometimesCounts& sometimes);

}  // namespace doorstep::simulation
