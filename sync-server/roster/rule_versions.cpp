// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rule_versions.h"

#include <algorithm>
#include <utility>

#include "shared/core/display_text.h"
#include "shared/core/local_time.h"
#include "shared/visits/measures/rule_check.h"
#include "shared/visits/measures/rule_packs.h"
#include "shared/wire/rules_codec.h"
#include "sync-server/roster/limits.h"

namespace doorstep::roster {
namespace {

// Without parameters: stated by its four minutes alone. The four stand in columns of their own too,
// as versions always had them.
Result<KeptRules> readRow(const sql::Statement& row) {
  KeptRules kept;
  kept.version.number = row.columnInt(0);
  kept.fromUnixMs = row.columnInt(1);
  kept.version.effectiveFrom = londonDayNumber(kept.fromUnixMs);
  measures::Rules& rules = kept.version.rules;
  if (row.columnIsNull(6)) {
    rules = measures::unstatedRules();
  } else {
    auto stored = wire::decodeRules(row.columnBlob(6));
    if (!stored.ok())
      return Error{ErrorCode::DataLoss, "RULES_DAMAGED",
                   "stored rules cannot be read: " + stored.error().text};
    rules = std::move(stored->rules);
    kept.unknown = std::move(stored->unknown);
  }
  rules.lateToleranceMin = row.columnInt(2);
  rules.earlyToleranceMin = row.columnInt(3);
  rules.timeCriticalToleranceMin = row.columnInt(4);
  rules.missedAfterMin = row.columnInt(5);
  if (!row.columnIsNull(7))
    kept.version.effectiveTo = row.columnInt(7);
  kept.account = AccountId(row.columnId(8));
  kept.accountName = row.columnText(9);
  if (!row.columnIsNull(10))
    kept.decidedUnixMs = row.columnInt(10);
  kept.reason = row.columnText(11);
  kept.isCorrection = row.columnInt(12) != 0;
  return kept;
}

Result<std::string> refOf(sql::Database& database, ContractId contract) {
  DOORSTEP_ASSIGN(auto row, database.prepare("SELECT ref FROM contract WHERE contract_id = ?"));
  row.bindId(0, contract.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "no such contract"};
  return row.columnText(0);
}

Status checkReason(const std::string& reason) {
  if (isBlankText(reason))
    return Error{ErrorCode::InvalidArgument, "REASON_MISSING", "say why the rules change"};
  if (reason.size() > kCorrectionBytesMax)
    return Error{ErrorCode::InvalidArgument, "REASON_TOO_LONG", "a reason has at most 500 bytes"};
  const TextFlaw flaw = textFlaw(reason, TextKind::Line);
  if (flaw != TextFlaw::None)
    return Error{ErrorCode::InvalidArgument, reasonOf(flaw),
                 "the reason holds characters that cannot be seen; type it anew"};
  return kDone;
}

Status checkDraft(const RulesDraft& draft, std::int64_t today) {
  DOORSTEP_TRY(checkReason(draft.reason));
  if (draft.lastDay && *draft.lastDay < draft.firstDay)
    return Error{ErrorCode::InvalidArgument, "DAYS_REVERSED",
                 "the last day of the rules is before their first"};
  const auto faults = measures::ruleFaults(draft.rules);
  if (!faults.empty())
    return Error{ErrorCode::InvalidArgument, "RULES_REFUSED", faults.front().text};
  if (draft.firstDay <= today && !draft.isCorrection)
    return Error{ErrorCode::FailedPrecondition, "RULES_FROM_PAST",
                 "the first day has begun: choose a later one, or say that it is a correction of "
                 "days past and why"};
  return kDone;
}

}  // namespace

Result<RulesReader> RulesReader::open(sql::Database& database) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT rule_version, from_unix_ms, late_tolerance_min, early_tolerance_min,
       time_critical_tolerance_min, missed_after_min, parameters, last_day, account_id,
       decided_by, decided_unix_ms, reason, is_correction
FROM contract_rules WHERE contract_id = ? ORDER BY rule_version)sql"));
  return RulesReader(std::move(rows));
}

Result<std::vector<KeptRules>> RulesReader::ofContract(ContractId contract) {
  rows_.reset();
  rows_.bindId(0, contract.value);
  std::vector<KeptRules> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows_.step());
    if (!row)
      return found;
    DOORSTEP_ASSIGN(found.emplace_back(), readRow(rows_));
  }
}

visits::RulesSet factOf(ContractId contract, const std::string& ref, const KeptRules& rules) {
  return {.contract = contract,
          .contractRef = ref,
          .ruleVersion = static_cast<std::uint32_t>(rules.version.number),
          .fromUnixMs = rules.fromUnixMs,
          .lastDay = rules.version.effectiveTo,
          .rules = rules.version.rules,
          .unknownParameters = rules.unknown};
}

Status addRules(sql::Database& database, ContractId contract, const std::string& ref,
                const std::vector<ProviderId>& parties, KeptRules kept, visits::OfficeReason reason,
                event_log::OfficeAct& office) {
  const measures::Rules& rules = kept.version.rules;
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
INSERT INTO contract_rules (contract_id, rule_version, from_unix_ms, late_tolerance_min,
  early_tolerance_min, time_critical_tolerance_min, missed_after_min, parameters, last_day,
  account_id, decided_by, decided_unix_ms, reason, is_correction)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"));
  row.bindId(0, contract.value).bind(1, kept.version.number).bind(2, kept.fromUnixMs);
  row.bind(3, rules.lateToleranceMin).bind(4, rules.earlyToleranceMin);
  row.bind(5, rules.timeCriticalToleranceMin).bind(6, rules.missedAfterMin);
  const std::string parameters = wire::encodeRules(rules, kept.unknown);
  row.bindBlob(7, parameters);
  if (kept.version.effectiveTo)
    row.bind(8, *kept.version.effectiveTo);
  else
    row.bindNull(8);
  row.bindId(9, office.by().account.value).bindText(10, office.by().name);
  row.bind(11, office.decidedUnixMs()).bindText(12, kept.reason);
  DOORSTEP_TRY(row.bind(13, std::int64_t{kept.isCorrection}).run());
  office.sayToEach(parties, reason, factOf(contract, ref, kept), kept.reason);
  return kDone;
}

Result<std::vector<ProviderId>> partiesOf(sql::Database& database, ContractId contract) {
  DOORSTEP_ASSIGN(auto rows, database.prepare("SELECT provider_id FROM contract_party WHERE "
                                              "contract_id = ? ORDER BY provider_id"));
  rows.bindId(0, contract.value);
  std::vector<ProviderId> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back(ProviderId(rows.columnId(0)));
  }
}

Result<std::uint32_t> publishRules(sql::Database& database, ContractId contract,
                                   const RulesDraft& draft, std::int64_t nowUnixMs,
                                   event_log::OfficeAct& office) {
  const std::int64_t today = londonDayNumber(nowUnixMs);
  DOORSTEP_TRY(checkDraft(draft, today));
  DOORSTEP_ASSIGN(const std::string ref, refOf(database, contract));
  DOORSTEP_ASSIGN(auto reader, RulesReader::open(database));
  DOORSTEP_ASSIGN(const auto versions, reader.ofContract(contract));
  const std::int64_t newest = versions.empty() ? 0 : versions.back().version.number;
  if (newest != draft.newestSeen)
    return Error{ErrorCode::Aborted, "RULES_CHANGED",
                 "somebody published version " + std::to_string(newest) +
                     " of these rules: look "
                     "at it and decide again"};
  KeptRules kept;
  kept.version = {newest + 1, draft.firstDay, draft.lastDay, draft.rules};
  kept.fromUnixMs = londonDayBeginUnixMs(draft.firstDay);
  kept.reason = draft.reason;
  kept.isCorrection = draft.firstDay <= today;
  if (!versions.empty()) {
    const measures::RuleVersion& last = versions.back().version;
    if (last.rules == draft.rules && last.effectiveFrom == draft.firstDay &&
        last.effectiveTo == draft.lastDay)
      return Error{ErrorCode::FailedPrecondition, "RULES_AS_BEFORE",
                   "the newest version says the same"};
    kept.unknown = versions.back().unknown;
  }
  DOORSTEP_ASSIGN(const auto parties, partiesOf(database, contract));
  DOORSTEP_TRY(addRules(
      database, contract, ref, parties, std::move(kept),
      draft.firstDay <= today ? visits::OfficeReason::Correction : visits::OfficeReason::Rules,
      office));
  return static_cast<std::uint32_t>(newest + 1);
}

}  // namespace doorstep::roster
