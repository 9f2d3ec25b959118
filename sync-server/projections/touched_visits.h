// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace doorstep::projections {

// Visits whose facts changed since they were last judged: a queue in the database, written in the
// transaction of the change and emptied by whoever judges (records::RecordKeeper). A visit stands
// in it once. Plan versions need no place in it: visits are found by them. Thread: the
// connection's.

// Prepared by writers that touch many: parameters are provider and visit.
constexpr const char* kTouchVisit =
    "INSERT INTO touched_visit (provider_id, visit_id) VALUES (?, ?) ON CONFLICT DO NOTHING";

// Inside a write job.
Status touchVisit(sql::Database& database, ProviderId provider, VisitId visit);

using TouchedVisit = std::pair<ProviderId, VisitId>;
// In no particular order.
Result<std::vector<TouchedVisit>> touchedVisits(sql::Database& database, std::uint32_t limit);

// They are judged in this write job.
Status forgetTouches(sql::Database& database, std::span<const TouchedVisit> visits);

}  // namespace doorstep::projections
