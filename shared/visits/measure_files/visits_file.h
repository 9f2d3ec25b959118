// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "shared/visits/measure_files/text_file.h"
#include "shared/visits/measures/visit_facts.h"

namespace doorstep::measure_files {

struct VisitsFile {
  std::vector<measures::VisitFacts> visits;  // in the order of their first rows
  std::int64_t rows = 0;                     // without the surplus
  std::int64_t duplicateRows = 0;            // equal to another row of their slot
};

// Reads visits.csv, schema 2. Everything that the definition of the file refuses is refused, the
// first fault from the top of the file, and in a row from the left; then what a row's fields say
// against each other, then against the visit's other rows. Error: FILE_FAULT.
Result<VisitsFile> readVisits(const TextFile& file);

}  // namespace doorstep::measure_files
