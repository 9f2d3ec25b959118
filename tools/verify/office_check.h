// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "tools/verify/commissioned_rows.h"
#include "tools/verify/record_rows.h"
#include "tools/verify/visit_cases.h"

namespace doorstep::verify {

// Columns that follow from what is commissioned, and from what the office said of a slot.
constexpr std::array<std::string_view, 9> kCommissionedColumns{"patch",
                                                               "rurality",
                                                               "service_kind",
                                                               "model",
                                                               "purchase",
                                                               "arranged_by",
                                                               "suspended_reason",
                                                               "short_visit_agreed",
                                                               "short_visit_basis"};
constexpr std::array<std::string_view, 8> kAdjustedColumns{
    "adj_start_utc", "adj_end_utc", "adj_reason", "adj_action",
    "adj_by_role",   "adj_at_utc",  "reason",     "responsibility"};

// Whether a row says what was ordered. The visit's plan is proved. Returns false when the bundle
// does not prove it.
bool checkCommissioned(const VisitCase& visit, const CommissionedRows& rows, RecordRows& row,
                       Findings& findings);
// Whether a row says what the office said of its slot: the newest times that were not withdrawn,
// and the newest explanation.
bool checkAdjustments(const VisitCase& visit, RecordRows& row, Findings& findings);

}  // namespace doorstep::verify
