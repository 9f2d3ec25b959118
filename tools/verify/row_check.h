// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tools/verify/record_rows.h"
#include "tools/verify/refold.h"

namespace doorstep::verify {

// Whether a row's recorded columns (times, classes, bounds, place, receipt, no entry, tasks) are
// what the carer's entries come to. newest: the newest plan, for the tasks; null: not known, and
// they are not looked at.
void checkRecorded(const Refolded& refolded, const visits::PlannedVisit* newest, RecordRows& row,
                   Findings& findings);

}  // namespace doorstep::verify
