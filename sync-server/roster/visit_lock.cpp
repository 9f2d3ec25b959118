// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/visit_lock.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "shared/core/strong_id.h"
#include "shared/wire/plan_codec.h"
#include "sync-server/roster/limits.h"

namespace doorstep::roster {
namespace {

constexpr const char* kVersionsOfVisit = R"sql(
SELECT visit_version.plan_version, visit, wanted_by, made_unix_ms
FROM visit_version LEFT JOIN plan_version
  ON plan_version.provider_id = visit_version.provider_id
  AND plan_version.plan_version = visit_version.plan_version
WHERE visit_version.provider_id = ? AND visit_id = ? ORDER BY visit_version.plan_version)sql";

// A server may write between two reads; a difference counts only if it is there at each of so many
// reads.
constexpr int kReadings = 3;

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

// nullopt if a version cannot be decoded, or if there is none.
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

// Names of the columns that differ from the state computed from the versions; empty if none does.
std::string differing(const sql::Statement& row, const std::optional<visits::LockState>& due) {
  const std::int64_t anchor = row.columnInt(1);
  const auto kept = readLock(row, 2, row.columnId(0), anchor);
  if (!kept || !due)
    return kept.has_value() == due.has_value() ? "" : "judging_version";
  std::string columns;
  const auto check = [&](bool same, const char* name) {
    if (!same)
      columns += (columns.empty() ? "" : ", ") + std::string(name);
  };
  check(kept->newest == due->newest, "plan_version");
  check(kept->judging == due->judging, "judging_version");
  check(kept->standing == due->standing, "standing_version");
  check(kept->lockUnixMs == due->lockUnixMs, "lock_unix_ms");
  check(kept->windowEndUnixMs == due->windowEndUnixMs, "latest_start_unix_ms");
  // Versions written before publication times were stored keep the anchor under which the visit was
  // listed.
  check(anchor == due->windowStartUnixMs || !due->firstPublishedUnixMs, "anchor_unix_ms");
  check(kept->firstPublishedUnixMs == due->firstPublishedUnixMs, "first_made_unix_ms");
  check(kept->lastPublishedUnixMs == due->lastPublishedUnixMs, "last_made_unix_ms");
  check(kept->changesAfter == due->changesAfter, "changes_after");
  check(kept->changesOffice == due->changesOffice, "changes_office");
  check(kept->changesPerson == due->changesPerson, "changes_person");
  check(kept->changesCouncil == due->changesCouncil, "changes_council");
  check(kept->standingCalled == due->standingCalled, "standing_called");
  check(kept->newestCalled == due->newestCalled, "newest_called");
  return columns;
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
  lock.standingCalled = static_cast<visits::CalledOff>(row.columnInt(column++));
  lock.newestCalled = static_cast<visits::CalledOff>(row.columnInt(column++));
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
  row.bind(parameter++, static_cast<int>(lock.standingCalled));
  row.bind(parameter++, static_cast<int>(lock.newestCalled));
}

visits::PublishedPlan publishedPlan(const visits::PlannedVisit& visit, visits::WantedBy wantedBy,
                                    std::optional<std::int64_t> publishedUnixMs) {
  return {publishedUnixMs,
          visit.windowStartUnixMs,
          visit.windowEndUnixMs,
          visit.durationMin,
          visit.carersRequired,
          wantedBy,
          visit.state == visits::VisitState::Cancelled};
}

Status fillLocks(sql::Database& database) {
  DOORSTEP_ASSIGN(auto keys, database.prepare(R"sql(
SELECT provider_id, visit_id FROM visit WHERE (provider_id, visit_id) > (?, ?)
ORDER BY provider_id, visit_id LIMIT ?)sql"));
  DOORSTEP_ASSIGN(auto versions, database.prepare(kVersionsOfVisit));
  // Does not change the anchor: a visit stays listed under the same day.
  DOORSTEP_ASSIGN(auto fill, database.prepare(R"sql(
UPDATE visit SET judging_version = ?, standing_version = ?, lock_unix_ms = ?,
  latest_start_unix_ms = ?, first_made_unix_ms = ?, last_made_unix_ms = ?, changes_after = ?,
  changes_office = ?, changes_person = ?, changes_council = ?, standing_called = ?,
  newest_called = ?
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

Status forEachWrongLock(sql::Database& database, ProviderId provider,
                        const std::function<void(VisitId, const std::string&)>& each) {
  DOORSTEP_ASSIGN(auto keys, database.prepare(R"sql(
SELECT provider_id, visit_id FROM visit WHERE provider_id = ? AND visit_id > ?
ORDER BY visit_id LIMIT ?)sql"));
  DOORSTEP_ASSIGN(auto versions, database.prepare(kVersionsOfVisit));
  DOORSTEP_ASSIGN(auto kept, database.prepare(fmt::format(R"sql(
SELECT plan_version, anchor_unix_ms, {} FROM visit WHERE provider_id = ? AND visit_id = ?)sql",
                                                          kLockColumns)));
  VisitKey after{provider, {}};
  while (true) {
    DOORSTEP_ASSIGN(const auto page, visitsAfter(keys, after));
    for (const VisitKey& key : page) {
      after = key;
      std::string columns = "plan_version";
      for (int reading = 0; reading < kReadings && !columns.empty(); ++reading) {
        kept.bindId(0, provider.value).bindId(1, key.visit.value);
        DOORSTEP_ASSIGN(const bool found, kept.step());
        DOORSTEP_ASSIGN(const auto due, lockOf(versions, key));
        columns = found ? differing(kept, due) : std::string();
        kept.reset();
      }
      if (!columns.empty())
        each(key.visit, columns);
    }
    if (page.size() < kVisitsFilledAtOnce)
      return kDone;
  }
}

}  // namespace doorstep::roster
