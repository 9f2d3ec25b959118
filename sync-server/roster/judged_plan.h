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

// What judges of a version, beside its carers.
struct JudgedTimes {
  std::int64_t windowStartUnixMs = 0;
  std::int64_t windowEndUnixMs = 0;
  std::uint32_t durationMin = 0;
  std::uint32_t carersRequired = 1;
  bool timeCritical = false;
};

// Which plan judges a visit (visits::lockAt), with what people ask about it.
struct JudgedPlan {
  visits::PlanLock lock;  // by plan versions
  JudgedTimes plan;       // the version that judges
  // Who was asked for when the visit was to begin: afterwards no slot is taken away, added or given
  // to somebody else, since who fills a slot decides which attendance is judged.
  std::vector<visits::CarerSlot> standingSlots;
  std::uint32_t standingCarersRequired = 1;
  PlanVersion publication;  // without counts and files, as newest is
  PlanVersion newest;
  std::optional<std::int64_t> firstPublishedUnixMs;
};

struct JudgedVisit {
  visits::PlannedVisit visit;  // the version in force
  // Start of the window of the version that judges, by which visits are listed.
  std::int64_t anchorUnixMs = 0;
  JudgedPlan plan;
};

// One query for all of them; of a visit at most three versions are read, however many it has.
// Errors: PLAN_DAMAGED, and the database's. Thread: the connection's.

// Visits whose anchor is in [fromUnixMs, toUnixMs), by (anchor, id), cancelled ones too; at most
// `limit` after `after`. Cost grows with what is returned.
Result<std::vector<JudgedVisit>> judgedVisits(sql::Database& database, ProviderId provider,
                                              std::int64_t fromUnixMs, std::int64_t toUnixMs,
                                              VisitCursor after, std::uint32_t limit,
                                              std::int64_t nowUnixMs);
// Error: VISIT_UNKNOWN too.
Result<JudgedVisit> judgedVisit(sql::Database& database, ProviderId provider, VisitId visit,
                                std::int64_t nowUnixMs);

v1::JudgedPlan toProto(const JudgedPlan& plan, const AccountNames& names);

}  // namespace doorstep::roster
