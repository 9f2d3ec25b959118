// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "shared/core/result.h"
#include "shared/visits/measures/civil_time.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::records {

// measures.json: each measure in words, and a contract's figures of some days as doorstep-recompute
// prints them (docs/measures.md).
struct MeasuresAsked {
  ContractId contract;
  ProviderId provider;  // none: all of the contract
  // Service days, both inclusive.
  measures::DayNumber firstDay = 0;
  measures::DayNumber lastDay = 0;
  // Of the file of visits beside it: what `values` says of the file itself.
  std::uint64_t rows = 0;
};

// The file, schema doorstep-measures-file/1: `definitions` by id, `values` in the canonical form
// of doorstep-measures/1. Visits must have been settled. Errors and memory: those of
// MeasureReading; FIGURE_TOO_LARGE. Thread: the connection's.
Result<std::string> measuresFile(const Reading& reading, const MeasuresAsked& asked);

// How many days before and after the asked ones a file of visits must have, so that
// doorstep-recompute gives the same figures from it: a service day ends in the small hours of the
// next one, and a bill may be that of a week or month. Error: NOT_FOUND (CONTRACT_UNKNOWN).
Result<measures::DayNumber> daysAround(const Reading& reading, ContractId contract);

}  // namespace doorstep::records
