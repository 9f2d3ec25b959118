// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/sql/database.h"
#include "sync-server/event_log/office_act.h"

namespace doorstep::roster {

// Refuses to make a plan version whose rows are in the database already: the version's fact would
// commit to what somebody else has written, as if the office had decided it. Called by whoever
// writes rows of a version, before it writes any; looks once in an act. Error DATA_LOSS
// (PLAN_ROWS_FOREIGN). Inside a write job. Thread: the connection's.
Status beginComingVersion(sql::Database& database, ProviderId provider,
                          event_log::OfficeAct& office);

}  // namespace doorstep::roster
