// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/sql/database.h"

namespace doorstep::identity {

// Migrates the tables of devices, codes, accounts, sessions and looks (docs/storage-schema.md).
// Called once at start.
Status migrate(sql::Database& database);

}  // namespace doorstep::identity
