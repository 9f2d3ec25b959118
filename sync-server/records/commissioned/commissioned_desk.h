// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "doorstep/admin/v1/commissioning_service.pb.h"
#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "sync-server/commissioning/row_store.h"
#include "sync-server/event_log/office_act.h"
#include "sync-server/identity/caller.h"

namespace doorstep::records {

// What callers see and say of what is commissioned (admin.v1.CommissioningService): which rows are
// a council's follows from the contracts of the person's lot on the row's days, as for records
// (visible_contracts.h). Thread: the connection's.

struct CommissionedPage {
  admin::v1::ListCommissionedResponse response;  // without its page token
  std::optional<commissioning::RowPlace> next;
};
// Errors: PERMISSION_DENIED (OTHER_PROVIDER), INVALID_ARGUMENT (PROVIDER_MISSING, KIND_UNKNOWN).
// Rows that the caller may not see are left out. Cost: the rows looked at.
Result<CommissionedPage> listCommissioned(sql::Database& database,
                                          const identity::AccountCaller& caller,
                                          const admin::v1::ListCommissionedRequest& request,
                                          const std::optional<commissioning::RowPlace>& after);

// Errors: PERMISSION_DENIED (ROLE_NOT_ALLOWED, OTHER_CONTRACT: not the caller's on all days of the
// row), INVALID_ARGUMENT (PROVIDER_MISSING, ROWS_TOO_MANY, ROWS_OVERLAP, KIND_UNKNOWN,
// CONTENT_MISSING, NAME_FORMAT, DAY_FORMAT, DAYS_REVERSED, REASON_FORMAT and those of
// commissioned_values.h), NOT_FOUND (PERSON_UNKNOWN, CONTRACT_UNKNOWN, LOT_UNKNOWN,
// COUNCIL_UNKNOWN), ABORTED (COMMISSIONED_CHANGED), FAILED_PRECONDITION (FROM_PAST: days that have
// begun need a reason). Inside a write job.
Result<admin::v1::SetCommissionedResponse> setCommissioned(
    sql::Database& database, const identity::AccountCaller& caller,
    const admin::v1::SetCommissionedRequest& request, event_log::OfficeAct& office);

}  // namespace doorstep::records
