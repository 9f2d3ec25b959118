// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/core/result.h"
#include "shared/sql/database.h"

namespace doorstep::commissioning {

// The tables of what is commissioned (row_store.h).
Status migrate(sql::Database& database);

}  // namespace doorstep::commissioning
