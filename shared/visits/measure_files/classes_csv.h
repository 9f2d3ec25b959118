// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/visits/measures/recomputation.h"

namespace doorstep::measure_files {

// The classes of all slots as CSV with CRLF, sorted by provider, visit and slot.
std::string classesCsv(const measures::Recomputation& recomputation);

}  // namespace doorstep::measure_files
