// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace doorstep::projections {

// Visits whose facts changed since they were last judged: a queue in the database, written in the
// transaction of the change and emptied by whoever judges (records::RecordKeeper). A visit stands
// in it once and counts its touches: who judged a visit by an earlier state does not take it out
// when it was touched since. Plan versions need no place in it: visits are found by them. Thread:
// the connection's.

// Prepared by writers that touch many: parameters are provider and visit.
constexpr const char* kTouchVisit =
    "INSERT INTO touched_visit (provider_id, visit_id, touches) VALUES (?, ?, 1) "
    "ON CONFLICT (provider_id, visit_id) DO UPDATE SET touches = touched_visit.touches + 1";

// Inside a write job.
Status touchVisit(sql::Database& database, ProviderId provider, VisitId visit);

struct TouchedVisit {
  ProviderId provider;
  VisitId visit;
  std::int64_t touches = 0;

  bool operator==(const TouchedVisit&) const = default;
};
// In no particular order.
Result<std::vector<TouchedVisit>> touchedVisits(sql::Database& database, std::uint32_t limit);

// They are judged as they were when they were read; who was touched since stays. Inside a write
// job.
Status forgetTouches(sql::Database& database, std::span<const TouchedVisit> visits);

}  // namespace doorstep::projections
