// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/judged_plan.h"

#include <utility>

#include "shared/wire/plan_codec.h"

namespace doorstep::roster {

visits::PublishedPlan publishedPlan(const PublishedVersion& version) {
  return {version.publication.madeUnixMs, version.visit.windowStartUnixMs,
          version.visit.windowEndUnixMs,  version.visit.durationMin,
          version.visit.carersRequired,   version.wantedBy};
}

JudgedPlan judgedPlan(const std::vector<PublishedVersion>& versions, std::int64_t nowUnixMs) {
  std::vector<visits::PublishedPlan> plans;
  for (const PublishedVersion& version : versions)
    plans.push_back(publishedPlan(version));
  JudgedPlan judged;
  judged.lock = visits::lockPlan(plans, nowUnixMs);
  judged.plan = versions[judged.lock.judging].visit;
  judged.standingSlots = versions[judged.lock.standing].visit.slots;
  judged.standingCarersRequired = versions[judged.lock.standing].visit.carersRequired;
  judged.publication = versions[judged.lock.judging].publication;
  judged.newest = versions.back().publication;
  judged.firstPublishedUnixMs = versions.front().publication.madeUnixMs;
  return judged;
}

Result<VisitPublications> VisitPublications::open(sql::Database& database) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT visit_version.plan_version, visit, wanted_by, made_unix_ms, account_id, reason
FROM visit_version LEFT JOIN plan_version
  ON plan_version.provider_id = visit_version.provider_id
  AND plan_version.plan_version = visit_version.plan_version
WHERE visit_version.provider_id = ? AND visit_id = ? ORDER BY visit_version.plan_version)sql"));
  return VisitPublications(std::move(rows));
}

Result<std::vector<PublishedVersion>> VisitPublications::of(ProviderId provider, VisitId visit) {
  rows_.reset();
  rows_.bindId(0, provider.value).bindId(1, visit.value);
  std::vector<PublishedVersion> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows_.step());
    if (!row)
      break;
    auto decoded = wire::decodeVisit(visit, rows_.columnBlob(1));
    if (!decoded.ok())
      return Error{ErrorCode::DataLoss, "PLAN_DAMAGED",
                   "a stored visit version cannot be read: " + decoded.error().text};
    PublishedVersion& version = found.emplace_back();
    version.visit = std::move(decoded).value();
    version.wantedBy = static_cast<visits::WantedBy>(rows_.columnInt(2));
    version.publication.version = rows_.columnId(0);
    if (!rows_.columnIsNull(3))
      version.publication.madeUnixMs = rows_.columnInt(3);
    if (!rows_.columnIsNull(4)) {
      version.publication.account = AccountId(rows_.columnId(4));
      version.publication.reason = static_cast<PlanReason>(rows_.columnInt(5));
    }
  }
  rows_.reset();
  return found;
}

Result<JudgedPlan> VisitPublications::judged(ProviderId provider, VisitId visit,
                                             std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(const auto versions, of(provider, visit));
  if (versions.empty())
    return Error{ErrorCode::NotFound, "VISIT_UNKNOWN", "no such row in the plan"};
  return judgedPlan(versions, nowUnixMs);
}

v1::JudgedPlan toProto(const JudgedPlan& plan, const AccountNames& names) {
  v1::JudgedPlan message;
  *message.mutable_publication() = toProto(plan.publication, names);
  *message.mutable_newest() = toProto(plan.newest, names);
  message.set_locked(plan.lock.locked);
  if (plan.lock.lockedUnixMs)
    message.set_locked_unix_ms(*plan.lock.lockedUnixMs);
  message.set_window_start_unix_ms(plan.plan.windowStartUnixMs);
  message.set_window_end_unix_ms(plan.plan.windowEndUnixMs);
  message.set_duration_min(plan.plan.durationMin);
  message.set_carers_required(plan.plan.carersRequired);
  if (plan.firstPublishedUnixMs)
    message.set_first_published_unix_ms(*plan.firstPublishedUnixMs);
  message.set_changes_after_lock(plan.lock.changesAfter);
  message.set_late_changes_office(plan.lock.changesOffice);
  message.set_late_changes_person(plan.lock.changesPerson);
  message.set_late_changes_council(plan.lock.changesCouncil);
  message.set_planned_afterwards(plan.lock.plannedAfterwards);
  return message;
}

}  // namespace doorstep::roster
