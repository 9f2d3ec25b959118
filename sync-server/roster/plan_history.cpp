// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/plan_history.h"

namespace doorstep::roster {

Status addPlanVersion(sql::Database& database, ProviderId provider, std::uint64_t version,
                      const PlanAct& act, const PlanVersion& counts) {
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
INSERT INTO plan_version (provider_id, plan_version, made_unix_ms, account_id, reason, visits_new,
  visits_changed, visits_cancelled) VALUES (?, ?, ?, ?, ?, ?, ?, ?))sql"));
  row.bindId(0, provider.value).bindId(1, version).bind(2, act.madeUnixMs);
  row.bindId(3, act.account.value).bind(4, static_cast<int>(act.reason));
  row.bindId(5, counts.visitsNew).bindId(6, counts.visitsChanged);
  DOORSTEP_TRY(row.bindId(7, counts.visitsCancelled).run());
  if (act.files.empty())
    return kDone;
  DOORSTEP_ASSIGN(auto files, database.prepare(R"sql(
INSERT INTO plan_version_file (provider_id, plan_version, name, bytes, sha256_hex)
VALUES (?, ?, ?, ?, ?))sql"));
  for (const PlanFile& file : act.files) {
    files.bindId(0, provider.value).bindId(1, version).bindText(2, file.name);
    DOORSTEP_TRY(files.bindId(3, file.bytes).bindText(4, file.sha256Hex).run());
  }
  return kDone;
}

Result<std::vector<PlanVersion>> planVersions(sql::Database& database, ProviderId provider,
                                              std::uint64_t before, std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT plan_version, made_unix_ms, account_id, reason, visits_new, visits_changed, visits_cancelled
FROM plan_version WHERE provider_id = ?1 AND plan_version < ?2
ORDER BY plan_version DESC LIMIT ?3)sql"));
  DOORSTEP_ASSIGN(auto files, database.prepare(R"sql(
SELECT name, bytes, sha256_hex FROM plan_version_file
WHERE provider_id = ? AND plan_version = ? ORDER BY name)sql"));
  rows.bindId(0, provider.value).bind(2, limit);
  rows.bindId(1, before == 0 ? INT64_MAX : before);
  std::vector<PlanVersion> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    PlanVersion& version = found.emplace_back();
    version.version = rows.columnId(0);
    if (!rows.columnIsNull(1))
      version.madeUnixMs = rows.columnInt(1);
    version.account = AccountId(rows.columnId(2));
    version.reason = static_cast<PlanReason>(rows.columnInt(3));
    version.visitsNew = rows.columnId(4);
    version.visitsChanged = rows.columnId(5);
    version.visitsCancelled = rows.columnId(6);
    files.reset();
    files.bindId(0, provider.value).bindId(1, version.version);
    while (true) {
      DOORSTEP_ASSIGN(const bool file, files.step());
      if (!file)
        break;
      version.files.push_back({files.columnText(0), files.columnId(1), files.columnText(2)});
    }
  }
}

v1::PlanPublication toProto(const PlanVersion& version, const AccountNames& names) {
  v1::PlanPublication message;
  message.set_plan_version(version.version);
  if (version.madeUnixMs)
    message.set_made_unix_ms(*version.madeUnixMs);
  const auto name = names.find(version.account);
  if (name != names.end())
    message.set_account_name(name->second);
  message.set_reason(static_cast<v1::PlanReason>(version.reason));
  return message;
}

}  // namespace doorstep::roster
