// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "doorstep/admin/v1/commissioning_service.pb.h"
#include "shared/core/result.h"
#include "sync-server/commissioning/row_store.h"

namespace doorstep::records {

// A row as calls say it. Pure. Thread: any.
admin::v1::CommissionedRow messageOf(const commissioning::CommissionedRow& row);
// Errors INVALID_ARGUMENT: as setCommissioned's.
Result<commissioning::CommissionedRow> rowOf(const admin::v1::CommissionedRow& message);

}  // namespace doorstep::records
