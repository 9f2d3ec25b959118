// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/visits/office_fact.h"

namespace doorstep::office {

// What an office decided, in a line for an operator: what, when, by whom and why. Names are made
// safe for a terminal. Thread: any.
std::string describe(const visits::OfficeFact& fact);

}  // namespace doorstep::office
