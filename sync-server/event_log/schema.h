// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/sql/database.h"

namespace doorstep::event_log {

// Migrates the tables of logs, entries, devices' heads and contacts (docs/storage-schema.md).
// Called once at start.
Status migrate(sql::Database& database);

}  // namespace doorstep::event_log
