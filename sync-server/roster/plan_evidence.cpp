// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/plan_evidence.h"

#include "shared/crypto/sha256.h"
#include "shared/visits/measures/rule_packs.h"
#include "shared/wire/rules_codec.h"
#include "sync-server/roster/rule_versions.h"

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
SELECT contract_id, contract.ref FROM contract_party JOIN contract USING (contract_id)
WHERE contract_party.provider_id = ? ORDER BY contract_id)sql"));
  rows.bindId(0, provider.value);
  DOORSTEP_ASSIGN(auto reader, RulesReader::open(database));
  std::vector<visits::RulesSet> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    const ContractId contract(rows.columnId(0));
    DOORSTEP_ASSIGN(const auto kept, reader.ofContract(contract));
    for (const KeptRules& each : kept)
      found.push_back(factOf(contract, rows.columnText(1), each));
  }
}

// What says no more than its four minutes has the bytes that it always had.
Hash hashOfRules(std::span<const visits::RulesSet> rules) {
  std::string bytes = "doorstep/rules/v1\n";
  for (const visits::RulesSet& each : rules) {
    bytes += bigEndian64(each.contract.value);
    bytes += bigEndian64(each.ruleVersion);
    bytes += bigEndian64(static_cast<std::uint64_t>(each.fromUnixMs));
    bytes += bigEndian64(static_cast<std::uint64_t>(each.rules.lateToleranceMin));
    bytes += bigEndian64(static_cast<std::uint64_t>(each.rules.earlyToleranceMin));
    bytes += bigEndian64(static_cast<std::uint64_t>(each.rules.timeCriticalToleranceMin));
    bytes += bigEndian64(static_cast<std::uint64_t>(each.rules.missedAfterMin));
  }
  for (const visits::RulesSet& each : rules) {
    if (measures::saysFourMinutesOnly(each.rules) && each.unknownParameters.empty() &&
        !each.lastDay)
      continue;
    const std::string all = wire::encodeRules(each.rules, each.unknownParameters);
    bytes += "doorstep/rules/parameters\n";
    bytes += bigEndian64(each.contract.value);
    bytes += bigEndian64(each.ruleVersion);
    bytes += bigEndian64(static_cast<std::uint64_t>(each.lastDay.value_or(INT64_MIN)));
    bytes += bigEndian64(all.size()) + all;
  }
  return crypto::sha256(bytes);
}

}  // namespace doorstep::roster
