// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/sql/database.h"

namespace doorstep::roster {

// Migrates the plan's tables (docs/storage-schema.md). Called once at start.
Status migrate(sql::Database& database);

}  // namespace doorstep::roster
