// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "doorstep/monitoring/v1/board_service.pb.h"
#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/roster/plan_history.h"

namespace doorstep::monitoring {

// All that is known about one visit: its row, its plan, and each event as stored, with device time,
// trusted interval and server time. Decodes the entries in the visit's index. Contains a person's
// name: the caller records the look first. Errors: VISIT_UNKNOWN, and the database's. names: of the
// accounts that made plan versions. Thread: the connection's.
struct VisitView {
  PersonId person;
  v1::GetVisitResponse response;
};
Result<VisitView> readVisit(sql::Database& database, event_log::EventLog& log, ProviderId provider,
                            VisitId visit, std::int64_t nowUnixMs,
                            const roster::AccountNames& names = {});

}  // namespace doorstep::monitoring
