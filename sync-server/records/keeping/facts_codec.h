// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "shared/visits/measures/visit_facts.h"

namespace doorstep::records {

// A visit's facts as the bytes of a row (records.v1.KeptVisit). Names of provider and contract and
// the time of the export are not in them: they are those of the row and of its reading. Pure.
// Thread: any.
std::string encodeFacts(const measures::VisitFacts& facts);

// Error: DATA_LOSS (RECORD_DAMAGED).
Result<measures::VisitFacts> decodeFacts(std::string_view bytes);

}  // namespace doorstep::records
