// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tools/verify/record_rows.h"
#include "tools/verify/visit_cases.h"

namespace doorstep::verify {

// Whether a row's plan, and what it says of person and lot on the day, is what the office
// published. The case has at least one proved version of the plan. Returns what is not proved;
// empty: all of it is.
std::string checkPlan(const VisitCase& visit, RecordRows& row, Findings& findings);

}  // namespace doorstep::verify
