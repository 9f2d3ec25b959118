// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "shared/visits/office_fact.h"

namespace doorstep::wire {

// Facts of the office as encoded roster.v1.OfficeFact. To add a kind: a writer, a reader and a row
// in the table of office_fact_codec.cpp. Thread: any.

// Truncates texts to their limits. Writes the bytes of an UnknownDecision unchanged.
std::string encodeOfficeFact(const visits::OfficeFact& fact);

// An unknown kind becomes UnknownDecision. Error OFFICE_FACT_FORMAT: not an OfficeFact, or a field
// of a known kind cannot be read.
Result<visits::OfficeFact> decodeOfficeFact(std::string_view bytes);

}  // namespace doorstep::wire
