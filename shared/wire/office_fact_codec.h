// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "shared/visits/office_fact.h"

namespace doorstep::wire {

// Facts of the office as encoded roster.v1.OfficeFact. A new kind is a writer, a reader and a line
// in the table of office_fact_codec.cpp. Thread: any.

// Texts beyond their limits are cut short. An UnknownDecision is written as its bytes are.
std::string encodeOfficeFact(const visits::OfficeFact& fact);

// A kind that is not known becomes UnknownDecision. Error OFFICE_FACT_FORMAT: the bytes are no
// OfficeFact, or a known kind has a field that cannot be read.
Result<visits::OfficeFact> decodeOfficeFact(std::string_view bytes);

}  // namespace doorstep::wire
