// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/judged_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "shared/wire/plan_codec.h"
#include "sync-server/roster/judged_visit_reader.h"
#include "sync-server/roster/visit_lock.h"

namespace doorstep::roster {
namespace {

// The judging version is read when it is not the newest, the standing one when it is neither.
enum Column {
  kVisitId,
  kPlanVersion,
  kAnchor,
  kNewestVisit,
  kJudgingVisit,
  kStandingVisit,
  kNewestMade,
  kNewestAccount,
  kNewestReason,
  kJudgingMade,
  kJudgingAccount,
  kJudgingReason,
  kFirstOfLock,
};

std::string judgedSelect(const char* where) {
  return fmt::format(R"sql(
SELECT visit.visit_id, visit.plan_version, visit.anchor_unix_ms,
  newest.visit, judging.visit, standing.visit,
  newest_made.made_unix_ms, newest_made.account_id, newest_made.reason,
  judging_made.made_unix_ms, judging_made.account_id, judging_made.reason, {}
FROM visit
JOIN visit_version AS newest ON newest.provider_id = visit.provider_id
  AND newest.visit_id = visit.visit_id AND newest.plan_version = visit.plan_version
LEFT JOIN visit_version AS judging ON judging.provider_id = visit.provider_id
  AND judging.visit_id = visit.visit_id AND judging.plan_version = visit.judging_version
  AND visit.judging_version <> visit.plan_version
LEFT JOIN visit_version AS standing ON standing.provider_id = visit.provider_id
  AND standing.visit_id = visit.visit_id AND standing.plan_version = visit.standing_version
  AND visit.standing_version <> visit.plan_version
  AND visit.standing_version <> visit.judging_version
LEFT JOIN plan_version AS newest_made ON newest_made.provider_id = visit.provider_id
  AND newest_made.plan_version = visit.plan_version
LEFT JOIN plan_version AS judging_made ON judging_made.provider_id = visit.provider_id
  AND judging_made.plan_version = visit.judging_version
WHERE visit.provider_id = ?1 AND {})sql",
                     kLockColumns, where);
}

Result<visits::PlannedVisit> decodeColumn(const sql::Statement& row, VisitId id, Column column) {
  if (row.columnIsNull(column))
    return Error{ErrorCode::DataLoss, "PLAN_DAMAGED", "a stored visit version is not there"};
  auto visit = wire::decodeVisit(id, row.columnBlob(column));
  if (!visit.ok())
    return Error{ErrorCode::DataLoss, "PLAN_DAMAGED",
                 "a stored visit version cannot be read: " + visit.error().text};
  return visit;
}

PlanVersion publicationOf(const sql::Statement& row, std::uint64_t version, Column made,
                          Column account, Column reason) {
  PlanVersion publication;
  publication.version = version;
  if (!row.columnIsNull(made))
    publication.madeUnixMs = row.columnInt(made);
  if (!row.columnIsNull(account)) {
    publication.account = AccountId(row.columnId(account));
    publication.reason = static_cast<PlanReason>(row.columnInt(reason));
  }
  return publication;
}

JudgedTimes timesOf(const visits::PlannedVisit& visit) {
  return {visit.windowStartUnixMs, visit.windowEndUnixMs, visit.durationMin, visit.carersRequired,
          visit.timeCritical};
}

Result<JudgedVisit> readJudged(const sql::Statement& row, std::int64_t nowUnixMs) {
  const VisitId id(row.columnId(kVisitId));
  JudgedVisit found;
  DOORSTEP_ASSIGN(found.visit, decodeColumn(row, id, kNewestVisit));
  found.anchorUnixMs = row.columnInt(kAnchor);
  const auto state = readLock(row, kFirstOfLock, row.columnId(kPlanVersion), found.anchorUnixMs);
  if (!state)
    return Error{ErrorCode::DataLoss, "PLAN_DAMAGED", "a stored visit version cannot be read"};
  JudgedPlan& plan = found.plan;
  plan.lock = visits::lockAt(*state, nowUnixMs);
  plan.firstPublishedUnixMs = state->firstPublishedUnixMs;
  plan.newest = publicationOf(row, state->newest, kNewestMade, kNewestAccount, kNewestReason);
  plan.publication =
      plan.lock.judging == state->newest
          ? plan.newest
          : publicationOf(row, state->judging, kJudgingMade, kJudgingAccount, kJudgingReason);
  std::optional<visits::PlannedVisit> judging;
  if (plan.lock.judging != state->newest) {
    DOORSTEP_ASSIGN(judging, decodeColumn(row, id, kJudgingVisit));
  }
  std::optional<visits::PlannedVisit> standing;
  if (plan.lock.standing != state->newest && plan.lock.standing != plan.lock.judging) {
    DOORSTEP_ASSIGN(standing, decodeColumn(row, id, kStandingVisit));
  }
  const visits::PlannedVisit& judges = judging ? *judging : found.visit;
  const visits::PlannedVisit& stands = standing                              ? *standing
                                       : plan.lock.standing == state->newest ? found.visit
                                                                             : judges;
  plan.plan = timesOf(judges);
  plan.standingSlots = stands.slots;
  plan.standingCarersRequired = stands.carersRequired;
  return found;
}

}  // namespace

Result<std::vector<JudgedVisit>> judgedVisits(sql::Database& database, ProviderId provider,
                                              std::int64_t fromUnixMs, std::int64_t toUnixMs,
                                              VisitCursor after, std::uint32_t limit,
                                              std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(judgedSelect(R"sql(
  visit.anchor_unix_ms >= ?2 AND visit.anchor_unix_ms < ?3
  AND (visit.anchor_unix_ms, visit.visit_id) > (?4, ?5)
ORDER BY visit.anchor_unix_ms, visit.visit_id LIMIT ?6)sql")));
  // The lower bound repeats the cursor's first column: an index scan starts at a bound on one
  // column, not at one on a pair.
  rows.bindId(0, provider.value).bind(1, std::max(fromUnixMs, after.startUnixMs));
  rows.bind(2, toUnixMs).bind(3, after.startUnixMs);
  rows.bindId(4, after.visit.value).bind(5, limit);
  std::vector<JudgedVisit> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    DOORSTEP_ASSIGN(auto judged, readJudged(rows, nowUnixMs));
    found.push_back(std::move(judged));
  }
}

Result<JudgedVisitReader> JudgedVisitReader::open(sql::Database& database) {
  DOORSTEP_ASSIGN(auto row, database.prepare(judgedSelect("visit.visit_id = ?2")));
  return JudgedVisitReader(std::move(row));
}

Result<JudgedVisit> JudgedVisitReader::of(ProviderId provider, VisitId visit,
                                          std::int64_t nowUnixMs) {
  row_.reset();
  row_.bindId(0, provider.value).bindId(1, visit.value);
  DOORSTEP_ASSIGN(const bool found, row_.step());
  if (!found) {
    row_.reset();
    return Error{ErrorCode::NotFound, "VISIT_UNKNOWN", "no such row in the plan"};
  }
  auto judged = readJudged(row_, nowUnixMs);
  row_.reset();
  return judged;
}

Result<JudgedVisit> judgedVisit(sql::Database& database, ProviderId provider, VisitId visit,
                                std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto reader, JudgedVisitReader::open(database));
  return reader.of(provider, visit, nowUnixMs);
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
  message.set_called_off(static_cast<v1::CalledOff>(plan.lock.calledOff));
  return message;
}

}  // namespace doorstep::roster
