// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/core/result.h"
#include "shared/sql/database.h"

namespace doorstep::replies {

// The tables of replies (reply_store.h). Not derived from anything: backed up with the database,
// never dropped.
Status migrate(sql::Database& database);

}  // namespace doorstep::replies
