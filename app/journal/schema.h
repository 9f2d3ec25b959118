// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/sql/database.h"

namespace doorstep::journal {

// Migrates the journal's tables (docs/storage-schema.md, "Phone: journal.db").
Status migrateJournal(sql::Database& database);

}  // namespace doorstep::journal
