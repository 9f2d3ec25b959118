// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/sql/database.h"

namespace doorstep::journal {

// Brings the journal's tables to the newest number (docs/storage-schema.md, "Phone: journal.db").
Status migrateJournal(sql::Database& database);

}  // namespace doorstep::journal
