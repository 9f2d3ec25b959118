// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/visits/office_fact.h"

namespace doorstep::office {

// An office's decision as one line for an operator: what, when, by whom and why. Names are escaped
// for a terminal. Thread: any.
std::string describe(const visits::OfficeFact& fact);

}  // namespace doorstep::office
