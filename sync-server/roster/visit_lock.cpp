// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/visit_lock.h"

#include <string>
#include <vector>

#include "shared/core/strong_id.h"
#include "shared/wire/plan_codec.h"
#include "sync-server/roster/limits.h"

namespace doorstep::roster {
namespace {

struct VisitKey {
  ProviderId provider;
  VisitId visit;
};

std::optional<std::int64_t> readOptional(const sql::Statement& row, int column) {
  return row.columnIsNull(column) ? std::nullopt : std::optional(row.columnInt(column));
}

void bindOptional(sql::Statement& row, int parameter, const std::optional<std::int64_t>& value) {
  if (value)
    row.bind(parameter, *value);
  else
    row.bindNull(parameter);
}

Result<std::vector<VisitKey>> visitsAfter(sql::Statement& rows, VisitKey after) {
  rows.bindId(0, after.provider.value).bindId(1, after.visit.value).bind(2, kVisitsFilledAtOnce);
  std::vector<VisitKey> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      break;
    found.push_back({ProviderId(rows.columnId(0)), VisitId(rows.columnId(1))});
  }
  rows.reset();
  return found;
}

// Nothing: a version cannot be read, or there is none.
Result<std::optional<visits::LockState>> lockOf(sql::Statement& versions, VisitKey key) {
  versions.bindId(0, key.provider.value).bindId(1, key.visit.value);
  std::optional<visits::LockState> lock;
  visits::PublishedPlan newest;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, versions.step());
    if (!row)
      break;
    const auto visit = wire::decodeVisit(key.visit, versions.columnBlob(1));
    if (!visit.ok()) {
      lock.reset();
      break;
    }
    const auto next = publishedPlan(*visit, static_cast<visits::WantedBy>(versions.columnInt(2)),
                                    readOptional(versions, 3));
    const std::uint64_t number = versions.columnId(0);
    lock = lock ? visits::lockWithNext(*lock, newest, number, next)
                : visits::lockOfFirst(number, next);
    newest = next;
  }
  versions.reset();
  return lock;
}

}  // namespace

std::optional<visits::LockState> readLock(const sql::Statement& row, int firstColumn,
                                          std::uint64_t newest, std::int64_t windowStartUnixMs) {
  int column = firstColumn;
  if (row.columnIsNull(column))
    return std::nullopt;
  visits::LockState lock;
  lock.newest = newest;
  lock.windowStartUnixMs = windowStartUnixMs;
  lock.judging = row.columnId(column++);
  lock.standing = row.columnId(column++);
  lock.lockUnixMs = readOptional(row, column++);
  lock.windowEndUnixMs = row.columnInt(column++);
  lock.firstPublishedUnixMs = readOptional(row, column++);
  lock.lastPublishedUnixMs = readOptional(row, column++);
  lock.changesAfter = static_cast<std::uint32_t>(row.columnInt(column++));
  lock.changesOffice = static_cast<std::uint32_t>(row.columnInt(column++));
  lock.changesPerson = static_cast<std::uint32_t>(row.columnInt(column++));
  lock.changesCouncil = static_cast<std::uint32_t>(row.columnInt(column++));
  return lock;
}

void bindLock(sql::Statement& row, int firstParameter, const visits::LockState& lock) {
  int parameter = firstParameter;
  row.bindId(parameter++, lock.judging);
  row.bindId(parameter++, lock.standing);
  bindOptional(row, parameter++, lock.lockUnixMs);
  row.bind(parameter++, lock.windowEndUnixMs);
  bindOptional(row, parameter++, lock.firstPublishedUnixMs);
  bindOptional(row, parameter++, lock.lastPublishedUnixMs);
  row.bind(parameter++, lock.changesAfter);
  row.bind(parameter++, lock.changesOffice);
  row.bind(parameter++, lock.changesPerson);
  row.bind(parameter++, lock.changesCouncil);
}

visits::PublishedPlan publishedPlan(const visits::PlannedVisit& visit, visits::WantedBy wantedBy,
                                    std::optional<std::int64_t> publishedUnixMs) {
  return {publishedUnixMs,   visit.windowStartUnixMs, visit.windowEndUnixMs,
          visit.durationMin, visit.carersRequired,    wantedBy};
}

Status fillLocks(sql::Database& database) {
  DOORSTEP_ASSIGN(auto keys, database.prepare(R"sql(
SELECT provider_id, visit_id FROM visit WHERE (provider_id, visit_id) > (?, ?)
ORDER BY provider_id, visit_id LIMIT ?)sql"));
  DOORSTEP_ASSIGN(auto versions, database.prepare(R"sql(
SELECT visit_version.plan_version, visit, wanted_by, made_unix_ms
FROM visit_version LEFT JOIN plan_version
  ON plan_version.provider_id = visit_version.provider_id
  AND plan_version.plan_version = visit_version.plan_version
WHERE visit_version.provider_id = ? AND visit_id = ? ORDER BY visit_version.plan_version)sql"));
  // The anchor stays: what was listed under a day is listed there.
  DOORSTEP_ASSIGN(auto fill, database.prepare(R"sql(
UPDATE visit SET judging_version = ?, standing_version = ?, lock_unix_ms = ?,
  latest_start_unix_ms = ?, first_made_unix_ms = ?, last_made_unix_ms = ?, changes_after = ?,
  changes_office = ?, changes_person = ?, changes_council = ?
WHERE provider_id = ? AND visit_id = ?)sql"));
  VisitKey after;
  while (true) {
    DOORSTEP_ASSIGN(const auto page, visitsAfter(keys, after));
    for (const VisitKey& key : page) {
      after = key;
      DOORSTEP_ASSIGN(const auto lock, lockOf(versions, key));
      if (!lock)
        continue;
      bindLock(fill, 0, *lock);
      fill.bindId(kLockColumnCount, key.provider.value);
      fill.bindId(kLockColumnCount + 1, key.visit.value);
      DOORSTEP_TRY(fill.run());
    }
    if (page.size() < kVisitsFilledAtOnce)
      return kDone;
  }
}

}  // namespace doorstep::roster
