// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "shared/core/result.h"
#include "shared/visits/measures/recomputation.h"

namespace doorstep::measure_files {

// What is said of the file itself.
struct FileCounts {
  std::int64_t rows = 0;
  std::int64_t duplicateRows = 0;
};

// The measures as canonical JSON, schema doorstep-measures/1: no white space, keys in order of code
// points, only necessary escapes, a line feed at the end, so that equal results are equal bytes.
// Error: FIGURE_TOO_LARGE, of a figure that 120 bits do not hold.
Result<std::string> measuresJson(const measures::Recomputation& recomputation,
                                 const measures::MeasureQuery& query, const FileCounts& counts);

}  // namespace doorstep::measure_files
