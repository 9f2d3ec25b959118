// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/core/result.h"
#include "shared/sql/database.h"

namespace doorstep::records {

// The tables of the records' projection (record_store.h). Derived from plan, log and the office's
// decisions: they can be dropped and rebuilt.
Status migrate(sql::Database& database);

}  // namespace doorstep::records
