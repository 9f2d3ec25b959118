// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/provider_setup.h"

#include <algorithm>

#include "shared/core/display_text.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/scope_days.h"
#include "sync-server/text/normal_form.h"

namespace doorstep::roster {
namespace {

Result<std::optional<std::uint64_t>> idByName(sql::Database& database, const char* sql,
                                              std::string_view name) {
  if (!isUtf8(name))
    return std::optional<std::uint64_t>();  // nobody has it, and not every engine would look
  DOORSTEP_ASSIGN(auto row, database.prepare(sql));
  row.bindText(0, name);
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found ? std::optional<std::uint64_t>(row.columnId(0)) : std::nullopt;
}

// A name as it is stored and looked for: one spelling, plain blanks, nothing that steers or hides.
Result<std::string> cleanName(std::string_view name) {
  std::string clean = text::toNfc(withPlainBlanks(name));
  if (isBlankText(clean))
    return Error{ErrorCode::InvalidArgument, "NAME_MISSING", "a name is needed, not blanks alone"};
  if (clean.size() > kNameBytesMax)
    return Error{ErrorCode::InvalidArgument, "NAME_TOO_LONG", "a name has at most 200 bytes"};
  const TextFlaw flaw = textFlaw(clean, TextKind::Line);
  if (flaw != TextFlaw::None)
    return Error{ErrorCode::InvalidArgument, reasonOf(flaw),
                 "the name holds characters that cannot be seen, turn the direction of writing or "
                 "are no text; type it anew"};
  return clean;
}

Status addRules(sql::Database& database, ContractId contract, const ContractTerms& terms,
                std::int64_t fromUnixMs, const visits::ContractRules& rules,
                event_log::OfficeAct& office) {
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
INSERT INTO contract_rules (contract_id, rule_version, from_unix_ms, late_tolerance_min,
  early_tolerance_min, time_critical_tolerance_min, missed_after_min)
    VALUES (?, ?, ?, ?, ?, ?, ?))sql"));
  row.bindId(0, contract.value).bind(1, rules.ruleVersion).bind(2, fromUnixMs);
  row.bind(3, rules.lateToleranceMin).bind(4, rules.earlyToleranceMin);
  DOORSTEP_TRY(row.bind(5, rules.timeCriticalToleranceMin).bind(6, rules.missedAfterMin).run());
  office.say(terms.provider, visits::OfficeReason::Import,
             visits::RulesSet{contract, terms.ref, rules.ruleVersion, fromUnixMs,
                              rules.lateToleranceMin, rules.earlyToleranceMin,
                              rules.timeCriticalToleranceMin, rules.missedAfterMin});
  return kDone;
}

Result<ContractId> addContract(sql::Database& database, const ContractTerms& terms,
                               const Clock& clock, IdSource& ids, event_log::OfficeAct& office) {
  const ContractId contract(ids.newId(clock));
  DOORSTEP_ASSIGN(
      auto row,
      database.prepare(
          "INSERT INTO contract (contract_id, provider_id, council_id, ref) VALUES (?, ?, ?, ?)"));
  row.bindId(0, contract.value).bindId(1, terms.provider.value).bindId(2, terms.council.value);
  DOORSTEP_TRY(row.bindText(3, terms.ref).run());
  auto rules = terms.rules.value_or(visits::ContractRules{});
  rules.ruleVersion = 1;
  DOORSTEP_TRY(addRules(database, contract, terms, 0, rules, office));
  return contract;
}

Status addRulesIfChanged(sql::Database& database, const Contract& contract,
                         const ContractTerms& terms, event_log::OfficeAct& office) {
  if (!terms.rules)
    return kDone;
  auto next = *terms.rules;
  const auto& newest = contract.rules.back();
  next.ruleVersion = newest.rules.ruleVersion;
  if (next == newest.rules)
    return kDone;
  ++next.ruleVersion;
  return addRules(database, contract.id, terms, std::max(terms.rulesFromUnixMs, newest.fromUnixMs),
                  next, office);
}

// The lot's newest row, whichever contract it names.
struct NewestPeriod {
  ContractId contract;
  std::int64_t fromDay = kFromAlways;
  std::string role;
};
Result<std::optional<NewestPeriod>> newestPeriod(sql::Database& database, ProviderId provider,
                                                 const std::string& lot) {
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
SELECT contract_id, from_day, role FROM contract_provider WHERE provider_id = ? AND lot = ?
ORDER BY from_day DESC LIMIT 1)sql"));
  row.bindId(0, provider.value).bindText(1, lot);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return std::optional<NewestPeriod>();
  return std::optional(
      NewestPeriod{ContractId(row.columnId(0)), row.columnInt(1), row.columnText(2)});
}

Status putPeriod(sql::Database& database, ProviderId provider, ContractId contract,
                 const LotPeriod& period) {
  DOORSTEP_ASSIGN(auto drop,
                  database.prepare("DELETE FROM contract_provider WHERE provider_id = ? AND lot = "
                                   "? AND from_day >= ?"));
  DOORSTEP_TRY(
      drop.bindId(0, provider.value).bindText(1, period.lot).bind(2, period.fromDay).run());
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
INSERT INTO contract_provider (provider_id, lot, from_day, contract_id, role)
VALUES (?, ?, ?, ?, ?))sql"));
  row.bindId(0, provider.value).bindText(1, period.lot).bind(2, period.fromDay);
  return row.bindId(3, contract.value).bindText(4, period.role).run();
}

// today: nothing that begins on it or before may be moved.
Status addLot(sql::Database& database, ContractId contract, ProviderId provider,
              const std::string& lot, const LotStart& start, std::int64_t today) {
  DOORSTEP_ASSIGN(const auto newest, newestPeriod(database, provider, lot));
  if (!newest)
    return putPeriod(database, provider, contract,
                     {lot, start.fromDay.value_or(kFromAlways), start.role});
  if (newest->contract == contract) {
    const std::string role = start.role.empty() ? newest->role : start.role;
    const std::int64_t from = start.fromDay.value_or(newest->fromDay);
    // What has begun stays: then only another role can begin, and not before tomorrow.
    if (newest->fromDay > today && from > today && from != newest->fromDay) {
      DOORSTEP_ASSIGN(auto drop, database.prepare("DELETE FROM contract_provider WHERE provider_id "
                                                  "= ? AND lot = ? AND from_day = ?"));
      drop.bindId(0, provider.value).bindText(1, lot).bind(2, newest->fromDay);
      DOORSTEP_TRY(drop.run());
      return putPeriod(database, provider, contract, {lot, from, role});
    }
    if (role == newest->role)
      return kDone;
    return putPeriod(database, provider, contract,
                     {lot, std::max(from, std::max(today + 1, newest->fromDay)), role});
  }
  if (!start.fromDay)
    return Error{ErrorCode::FailedPrecondition, "LOT_OF_ANOTHER_CONTRACT",
                 "lot " + lot + " is another contract's; give the day from which it is this one's"};
  if (*start.fromDay <= today)
    return Error{ErrorCode::FailedPrecondition, "LOT_FROM_PAST",
                 "lot " + lot + " can pass to another contract from tomorrow on"};
  return putPeriod(database, provider, contract, {lot, *start.fromDay, start.role});
}

Status addLots(sql::Database& database, ContractId contract, const ContractTerms& terms,
               const Clock& clock) {
  const std::int64_t today = localDay(clock.wallUnixMs());
  for (const std::string& lot : terms.lots) {
    const auto start = terms.starts.find(lot);
    DOORSTEP_TRY(addLot(database, contract, terms.provider, lot,
                        start == terms.starts.end() ? LotStart() : start->second, today));
  }
  return kDone;
}

}  // namespace

Result<std::optional<ProviderId>> providerByName(sql::Database& database, std::string_view name) {
  DOORSTEP_ASSIGN(const auto id,
                  idByName(database, "SELECT provider_id FROM provider WHERE name = ?", name));
  return id ? std::optional<ProviderId>(ProviderId(*id)) : std::nullopt;
}

Result<ProviderId> ensureProvider(sql::Database& database, std::string_view name,
                                  const Clock& clock, IdSource& ids) {
  DOORSTEP_ASSIGN(const auto stored,
                  providerByName(database, name));  // of before names were checked
  if (stored)
    return *stored;
  DOORSTEP_ASSIGN(const std::string clean, cleanName(name));
  DOORSTEP_ASSIGN(const auto known, providerByName(database, clean));
  if (known)
    return *known;
  const ProviderId provider(ids.newId(clock));
  DOORSTEP_ASSIGN(auto row, database.prepare("INSERT INTO provider (provider_id, name, "
                                             "plan_version, newest_change) VALUES (?, ?, 0, 0)"));
  DOORSTEP_TRY(row.bindId(0, provider.value).bindText(1, clean).run());
  return provider;
}

Result<std::optional<CouncilId>> councilByName(sql::Database& database, std::string_view name) {
  DOORSTEP_ASSIGN(const auto id,
                  idByName(database, "SELECT council_id FROM council WHERE name = ?", name));
  return id ? std::optional<CouncilId>(CouncilId(*id)) : std::nullopt;
}

Result<CouncilId> ensureCouncil(sql::Database& database, std::string_view name, const Clock& clock,
                                IdSource& ids) {
  DOORSTEP_ASSIGN(const auto stored,
                  councilByName(database, name));  // of before names were checked
  if (stored)
    return *stored;
  DOORSTEP_ASSIGN(const std::string clean, cleanName(name));
  DOORSTEP_ASSIGN(const auto known, councilByName(database, clean));
  if (known)
    return *known;
  const CouncilId council(ids.newId(clock));
  DOORSTEP_ASSIGN(auto row,
                  database.prepare("INSERT INTO council (council_id, name) VALUES (?, ?)"));
  DOORSTEP_TRY(row.bindId(0, council.value).bindText(1, clean).run());
  return council;
}

Result<ContractId> ensureContract(sql::Database& database, const ContractTerms& terms,
                                  const Clock& clock, IdSource& ids, event_log::OfficeAct& office) {
  DOORSTEP_ASSIGN(const auto known, contractsOfProvider(database, terms.provider));
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Contract& each) { return each.ref == terms.ref; });
  ContractId contract;
  if (found == known.end()) {
    DOORSTEP_ASSIGN(contract, addContract(database, terms, clock, ids, office));
  } else if (found->council != terms.council) {
    return Error{ErrorCode::FailedPrecondition, "CONTRACT_OF_ANOTHER_COUNCIL",
                 "contract " + terms.ref};
  } else {
    contract = found->id;
    DOORSTEP_TRY(addRulesIfChanged(database, *found, terms, office));
  }
  DOORSTEP_TRY(addLots(database, contract, terms, clock));
  return contract;
}

}  // namespace doorstep::roster
