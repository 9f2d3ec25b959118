// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/row_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace doorstep::commissioning {
namespace {

constexpr const char* kColumns =
    "kind, subject_id, name, from_day, version, until_day, replaced_version, reason, content";

std::string selectRows(std::string_view where) {
  return fmt::format("SELECT {} FROM commissioned_row WHERE provider_id = ?1 {}", kColumns, where);
}

CommissionedRow readRow(const sql::Statement& row) {
  CommissionedRow found;
  found.key = {static_cast<Kind>(row.columnInt(0)), row.columnId(1), row.columnText(2)};
  found.fromDay = row.columnInt(3);
  found.version = row.columnId(4);
  if (!row.columnIsNull(5))
    found.untilDay = row.columnInt(5);
  if (!row.columnIsNull(6))
    found.replacedVersion = row.columnId(6);
  found.reason = row.columnText(7);
  found.content = row.columnBlob(8);
  return found;
}

Result<std::vector<CommissionedRow>> allRows(sql::Statement& rows) {
  std::vector<CommissionedRow> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back(readRow(rows));
  }
}

std::int64_t number(Kind kind) { return static_cast<std::int64_t>(kind); }

}  // namespace

Result<std::vector<CommissionedRow>> rowsOfSubject(sql::Database& database, ProviderId provider,
                                                   Kind kind, std::uint64_t subject) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(selectRows("AND kind = ?2 AND subject_id = ?3 "
                                                         "ORDER BY name, from_day, version")));
  rows.bindId(0, provider.value).bind(1, number(kind)).bindId(2, subject);
  return allRows(rows);
}

Result<std::vector<CommissionedRow>> rowsInForce(sql::Database& database, ProviderId provider,
                                                 Kind kind, const std::optional<RowPlace>& after,
                                                 std::uint32_t limit) {
  const char* where = after ? "AND kind = ?2 AND replaced_version IS NULL AND "
                              "(subject_id, name, from_day) > (?4, ?5, ?6) "
                              "ORDER BY subject_id, name, from_day LIMIT ?3"
                            : "AND kind = ?2 AND replaced_version IS NULL "
                              "ORDER BY subject_id, name, from_day LIMIT ?3";
  DOORSTEP_ASSIGN(auto rows, database.prepare(selectRows(where)));
  rows.bindId(0, provider.value).bind(1, number(kind)).bind(2, limit);
  if (after)
    rows.bindId(3, after->key.subject).bindText(4, after->key.name).bind(5, after->fromDay);
  return allRows(rows);
}

Status forEachRow(sql::Database& database, ProviderId provider,
                  const std::function<Status(CommissionedRow)>& each) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(selectRows("")));
  rows.bindId(0, provider.value);
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return kDone;
    DOORSTEP_TRY(each(readRow(rows)));
  }
}

Result<std::vector<CommissionedRow>> rowsOfVersion(sql::Database& database, ProviderId provider,
                                                   std::uint64_t version) {
  DOORSTEP_ASSIGN(auto rows,
                  database.prepare(selectRows("AND (version = ?2 OR replaced_version = ?2)")));
  rows.bindId(0, provider.value).bindId(1, version);
  return allRows(rows);
}

const CommissionedRow* rowOn(const std::vector<CommissionedRow>& rows, std::string_view name,
                             std::int64_t day) {
  const CommissionedRow* newest = nullptr;
  for (const CommissionedRow& row : rows) {
    if (row.key.name != name || row.replacedVersion || row.fromDay > day)
      continue;
    if (newest == nullptr || row.fromDay > newest->fromDay)
      newest = &row;
  }
  return newest != nullptr && newest->holdsOn(day) ? newest : nullptr;
}

Result<std::uint64_t> commissioningVersion(sql::Database& database, ProviderId provider) {
  DOORSTEP_ASSIGN(auto row,
                  database.prepare("SELECT version FROM commissioning_version "
                                   "WHERE provider_id = ? ORDER BY version DESC LIMIT 1"));
  row.bindId(0, provider.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found ? row.columnId(0) : std::uint64_t{0};
}

Result<std::vector<CommissioningVersion>> commissioningVersions(sql::Database& database,
                                                                ProviderId provider) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT version, made_unix_ms, account_id, why FROM commissioning_version WHERE provider_id = ?
ORDER BY version)sql"));
  rows.bindId(0, provider.value);
  std::vector<CommissioningVersion> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back(
        {rows.columnId(0), rows.columnInt(1), AccountId(rows.columnId(2)), rows.columnText(3)});
  }
}

Result<std::optional<CommissioningVersion>> versionOf(sql::Database& database, ProviderId provider,
                                                      std::uint64_t version) {
  DOORSTEP_ASSIGN(auto row, database.prepare("SELECT version, made_unix_ms, account_id, why "
                                             "FROM commissioning_version "
                                             "WHERE provider_id = ? AND version = ?"));
  row.bindId(0, provider.value).bindId(1, version);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return std::optional<CommissioningVersion>();
  return std::optional<CommissioningVersion>(
      {row.columnId(0), row.columnInt(1), AccountId(row.columnId(2)), row.columnText(3)});
}

Result<std::vector<RowChange>> changedSince(sql::Database& database, ProviderId provider,
                                            std::uint64_t after, std::uint64_t to) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT kind, subject_id, name, min(from_day) FROM (
  SELECT kind, subject_id, name, from_day FROM commissioned_row
  WHERE provider_id = ?1 AND version > ?2 AND version <= ?3
  UNION ALL
  SELECT kind, subject_id, name, from_day FROM commissioned_row
  WHERE provider_id = ?1 AND replaced_version > ?2 AND replaced_version <= ?3) AS changed
GROUP BY kind, subject_id, name)sql"));
  rows.bindId(0, provider.value).bindId(1, after).bindId(2, to);
  std::vector<RowChange> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back({{static_cast<Kind>(rows.columnInt(0)), rows.columnId(1), rows.columnText(2)},
                     rows.columnInt(3)});
  }
}

Status putRow(sql::Database& database, ProviderId provider, const CommissionedRow& row,
              std::int64_t lastDay) {
  // Of the same act: not published yet, so it may be deleted.
  const std::int64_t until = std::min(row.untilDay.value_or(INT64_MAX), lastDay);
  for (const char* text : {"DELETE FROM commissioned_row WHERE provider_id = ?1 AND kind = ?2 "
                           "AND subject_id = ?3 AND name = ?4 AND from_day >= ?5 "
                           "AND from_day <= ?6 AND version = ?7",
                           "UPDATE commissioned_row SET replaced_version = ?7 "
                           "WHERE provider_id = ?1 AND kind = ?2 AND subject_id = ?3 "
                           "AND name = ?4 AND from_day >= ?5 AND from_day <= ?6 "
                           "AND replaced_version IS NULL"}) {
    DOORSTEP_ASSIGN(auto retire, database.prepare(text));
    retire.bindId(0, provider.value).bind(1, number(row.key.kind)).bindId(2, row.key.subject);
    retire.bindText(3, row.key.name).bind(4, row.fromDay).bind(5, until).bindId(6, row.version);
    DOORSTEP_TRY(retire.run());
  }
  DOORSTEP_ASSIGN(auto put,
                  database.prepare(fmt::format("INSERT INTO commissioned_row (provider_id, {}) "
                                               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8, ?9)",
                                               kColumns)));
  put.bindId(0, provider.value).bind(1, number(row.key.kind)).bindId(2, row.key.subject);
  put.bindText(3, row.key.name).bind(4, row.fromDay).bindId(5, row.version);
  if (row.untilDay)
    put.bind(6, *row.untilDay);
  else
    put.bindNull(6);
  return put.bindText(7, row.reason).bindBlob(8, row.content).run();
}

Status putVersion(sql::Database& database, ProviderId provider,
                  const CommissioningVersion& version) {
  DOORSTEP_ASSIGN(auto put, database.prepare(R"sql(
INSERT INTO commissioning_version (provider_id, version, made_unix_ms, account_id, why)
VALUES (?, ?, ?, ?, ?))sql"));
  put.bindId(0, provider.value).bindId(1, version.version).bind(2, version.madeUnixMs);
  return put.bindId(3, version.account.value).bindText(4, version.why).run();
}

Result<bool> hasRowsAfter(sql::Database& database, ProviderId provider, std::uint64_t version) {
  for (const char* column : {"version", "replaced_version"}) {
    DOORSTEP_ASSIGN(auto rows, database.prepare(fmt::format(
                                   "SELECT 1 FROM commissioned_row WHERE provider_id = ? "
                                   "AND {} > ? LIMIT 1",
                                   column)));
    rows.bindId(0, provider.value).bindId(1, version);
    DOORSTEP_ASSIGN(const bool found, rows.step());
    if (found)
      return true;
  }
  return false;
}

}  // namespace doorstep::commissioning
