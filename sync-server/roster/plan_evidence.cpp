// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/plan_evidence.h"

#include "shared/crypto/sha256.h"

namespace doorstep::roster {

namespace {

Status readVersions(sql::Statement& rows, const std::function<Status(const VisitVersion&)>& each) {
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return kDone;
    DOORSTEP_TRY(
        each({VisitId(rows.columnId(0)), rows.columnId(1), rows.columnId(2), rows.columnBlob(3)}));
  }
}

}  // namespace

Status forEachVisitVersion(sql::Database& database, ProviderId provider,
                           const std::function<Status(const VisitVersion&)>& each) {
  DOORSTEP_ASSIGN(auto rows,
                  database.prepare("SELECT visit_id, plan_version, wanted_by, visit FROM "
                                   "visit_version WHERE provider_id = ? "
                                   "ORDER BY visit_id, plan_version"));
  rows.bindId(0, provider.value);
  return readVersions(rows, each);
}

Status forEachVisitOf(sql::Database& database, ProviderId provider, std::uint64_t planVersion,
                      const std::function<Status(const VisitVersion&)>& each) {
  DOORSTEP_ASSIGN(auto rows,
                  database.prepare("SELECT visit_id, plan_version, wanted_by, visit FROM "
                                   "visit_version WHERE provider_id = ? AND plan_version = ? "
                                   "ORDER BY visit_id"));
  rows.bindId(0, provider.value).bindId(1, planVersion);
  return readVersions(rows, each);
}

Result<std::optional<VisitVersion>> visitOf(sql::Database& database, ProviderId provider,
                                            VisitId visit, std::uint64_t planVersion) {
  DOORSTEP_ASSIGN(auto rows,
                  database.prepare("SELECT visit_id, plan_version, wanted_by, visit FROM "
                                   "visit_version WHERE provider_id = ? AND visit_id = ? AND "
                                   "plan_version = ?"));
  rows.bindId(0, provider.value).bindId(1, visit.value).bindId(2, planVersion);
  std::optional<VisitVersion> found;
  DOORSTEP_TRY(readVersions(rows, [&](const VisitVersion& version) -> Status {
    found = version;
    return kDone;
  }));
  return found;
}

Result<std::vector<visits::RulesSet>> rulesVersions(sql::Database& database, ProviderId provider) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT contract_id, contract.ref, rule_version, from_unix_ms, late_tolerance_min,
  early_tolerance_min, time_critical_tolerance_min, missed_after_min
FROM contract_rules JOIN contract USING (contract_id) JOIN contract_party USING (contract_id)
WHERE contract_party.provider_id = ? ORDER BY contract_id, rule_version)sql"));
  rows.bindId(0, provider.value);
  const auto number = [&](int column) {
    return static_cast<std::uint32_t>(rows.columnInt(column));
  };
  std::vector<visits::RulesSet> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back({ContractId(rows.columnId(0)), rows.columnText(1), number(2), rows.columnInt(3),
                     number(4), number(5), number(6), number(7)});
  }
}

Hash hashOfRules(std::span<const visits::RulesSet> rules) {
  std::string bytes = "doorstep/rules/v1\n";
  for (const visits::RulesSet& each : rules) {
    bytes += bigEndian64(each.contract.value);
    bytes += bigEndian64(each.ruleVersion);
    bytes += bigEndian64(static_cast<std::uint64_t>(each.fromUnixMs));
    bytes += bigEndian64(each.lateToleranceMin);
    bytes += bigEndian64(each.earlyToleranceMin);
    bytes += bigEndian64(each.timeCriticalToleranceMin);
    bytes += bigEndian64(each.missedAfterMin);
  }
  return crypto::sha256(bytes);
}

}  // namespace doorstep::roster
