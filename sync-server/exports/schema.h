// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/core/result.h"
#include "shared/sql/database.h"

namespace doorstep::exports {

// The tables of exports that were made (export_store.h). Not derived from anything: backed up with
// the database, never dropped.
Status migrate(sql::Database& database);

}  // namespace doorstep::exports
