// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "doorstep/roster/v1/plan_version.pb.h"
#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "shared/visits/locked_plan.h"
#include "shared/visits/plan.h"
#include "sync-server/roster/plan_history.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::roster {

// The fields of a version that visits are judged by, besides its carers.
struct JudgedTimes {
  std::int64_t windowStartUnixMs = 0;
  std::int64_t windowEndUnixMs = 0;
  std::uint32_t durationMin = 0;
  std::uint32_t carersRequired = 1;
  bool timeCritical = false;
};

// The plan that judges a visit (visits::lockAt), with details for display.
struct JudgedPlan {
  visits::PlanLock lock;  // by plan versions
  JudgedTimes plan;       // the version that judges
  // The carers planned when the visit had to begin. Later no slot is removed, added or reassigned
  // for judging, since the filling of slots decides which attendance is judged.
  std::vector<visits::CarerSlot> standingSlots;
  std::uint32_t standingCarersRequired = 1;
  PlanVersion publication;  // without counts and files, like newest
  PlanVersion newest;
  std::optional<std::int64_t> firstPublishedUnixMs;
};

struct JudgedVisit {
  visits::PlannedVisit visit;  // the version in force
  // Window start of the version that judges; visits are listed by it.
  std::int64_t anchorUnixMs = 0;
  JudgedPlan plan;
};

// Each function is one query and reads at most three versions of a visit, however many it has.
// Errors: PLAN_DAMAGED, and the database's. Thread: the connection's.

// Visits with an anchor in [fromUnixMs, toUnixMs), by (anchor, id), including cancelled ones; at
// most `limit` after `after`. Cost: the size of the result.
Result<std::vector<JudgedVisit>> judgedVisits(sql::Database& database, ProviderId provider,
                                              std::int64_t fromUnixMs, std::int64_t toUnixMs,
                                              VisitCursor after, std::uint32_t limit,
                                              std::int64_t nowUnixMs);
// Further error: VISIT_UNKNOWN.
Result<JudgedVisit> judgedVisit(sql::Database& database, ProviderId provider, VisitId visit,
                                std::int64_t nowUnixMs);

v1::JudgedPlan toProto(const JudgedPlan& plan, const AccountNames& names);

}  // namespace doorstep::roster
