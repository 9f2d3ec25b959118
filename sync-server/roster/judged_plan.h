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

namespace doorstep::roster {

// A version of a visit's plan with its publication.
struct PublishedVersion {
  visits::PlannedVisit visit;
  visits::WantedBy wantedBy = visits::WantedBy::Office;
  PlanVersion publication;  // without counts and files
};

// Which plan judges a visit (visits::lockPlan), with what people ask about it.
struct JudgedPlan {
  visits::PlanLock lock;
  visits::PlannedVisit plan;  // the version that judges
  // Who was asked for when the visit was to begin: afterwards no slot is taken away, added or given
  // to somebody else, since who fills a slot decides which attendance is judged.
  std::vector<visits::CarerSlot> standingSlots;
  std::uint32_t standingCarersRequired = 1;
  PlanVersion publication;
  PlanVersion newest;
  std::optional<std::int64_t> firstPublishedUnixMs;
};

// What of a version the lock looks at.
visits::PublishedPlan publishedPlan(const PublishedVersion& version);
// versions: at least one, oldest first. Pure.
JudgedPlan judgedPlan(const std::vector<PublishedVersion>& versions, std::int64_t nowUnixMs);

// Reads the versions of visits, one after another. Thread: the connection's.
class VisitPublications {
 public:
  static Result<VisitPublications> open(sql::Database& database);

  // Oldest first. Errors: PLAN_DAMAGED, and the database's.
  Result<std::vector<PublishedVersion>> of(ProviderId provider, VisitId visit);
  // Error: VISIT_UNKNOWN too.
  Result<JudgedPlan> judged(ProviderId provider, VisitId visit, std::int64_t nowUnixMs);

 private:
  explicit VisitPublications(sql::Statement rows) : rows_(std::move(rows)) {}
  sql::Statement rows_;
};

v1::JudgedPlan toProto(const JudgedPlan& plan, const AccountNames& names);

}  // namespace doorstep::roster
