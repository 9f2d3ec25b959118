// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/provider_setup.h"

#include <algorithm>

#include "shared/core/display_text.h"
#include "shared/core/local_time.h"
#include "shared/visits/measures/rule_packs.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/lot_periods.h"
#include "sync-server/roster/rule_versions.h"
#include "sync-server/text/normal_form.h"

namespace doorstep::roster {
namespace {

Result<std::optional<std::uint64_t>> idByName(sql::Database& database, const char* sql,
                                              std::string_view name) {
  if (!isUtf8(name))
    return std::optional<std::uint64_t>();  // stored names are UTF-8, and PostgreSQL refuses other
                                            // text
  DOORSTEP_ASSIGN(auto row, database.prepare(sql));
  row.bindText(0, name);
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found ? std::optional<std::uint64_t>(row.columnId(0)) : std::nullopt;
}

// A name in the form that is stored and compared: NFC, plain blanks, no control or invisible
// characters.
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

Status addParty(sql::Database& database, ContractId contract, ProviderId provider) {
  DOORSTEP_ASSIGN(
      auto row,
      database.prepare("INSERT INTO contract_party (contract_id, provider_id) VALUES (?, ?)"));
  return row.bindId(0, contract.value).bindId(1, provider.value).run();
}

Result<ContractId> addContract(sql::Database& database, const ContractTerms& terms,
                               const Clock& clock, IdSource& ids, event_log::OfficeAct& office) {
  const ContractId contract(ids.newId(clock));
  DOORSTEP_ASSIGN(auto row, database.prepare("INSERT INTO contract (contract_id, council_id, ref) "
                                             "VALUES (?, ?, ?)"));
  row.bindId(0, contract.value).bindId(1, terms.council.value);
  DOORSTEP_TRY(row.bindText(2, terms.ref).run());
  DOORSTEP_TRY(addParty(database, contract, terms.provider));
  KeptRules first;
  first.version.number = 1;
  first.version.rules = rulesOver(measures::unstatedRules(), terms.rules.value_or(StatedRules{}));
  DOORSTEP_TRY(addRules(database, contract, terms.ref, {terms.provider}, std::move(first),
                        visits::OfficeReason::Import, office));
  return contract;
}

// nullopt: the terms have no rules, or those of the newest version.
std::optional<measures::Rules> otherRules(const std::vector<KeptRules>& versions,
                                          const ContractTerms& terms) {
  if (!terms.rules)
    return std::nullopt;
  const measures::Rules& newest = versions.back().version.rules;
  measures::Rules next = rulesOver(newest, *terms.rules);
  return next == newest ? std::nullopt : std::optional(std::move(next));
}

// Of a contract that was read before: it has rules.
Result<std::vector<KeptRules>> versionsOf(sql::Database& database, ContractId contract) {
  DOORSTEP_ASSIGN(auto reader, RulesReader::open(database));
  return reader.ofContract(contract);
}

// A next version is one for all providers of the contract, and in the log of each. Returns how many
// others than the terms' provider it judges.
Result<std::uint32_t> addRulesIfChanged(sql::Database& database, const Contract& contract,
                                        const ContractTerms& terms, event_log::OfficeAct& office) {
  DOORSTEP_ASSIGN(const auto versions, versionsOf(database, contract.id));
  auto next = otherRules(versions, terms);
  if (!next)
    return 0U;
  KeptRules kept;
  kept.fromUnixMs = std::max(terms.rulesFromUnixMs, versions.back().fromUnixMs);
  kept.version = {
      versions.back().version.number + 1, londonDayNumber(kept.fromUnixMs), {}, *std::move(next)};
  kept.unknown = versions.back().unknown;
  DOORSTEP_ASSIGN(const auto parties, partiesOf(database, contract.id));
  DOORSTEP_TRY(addRules(database, contract.id, contract.ref, parties, std::move(kept),
                        visits::OfficeReason::Import, office));
  return static_cast<std::uint32_t>(parties.size() - 1);
}

// Adds a provider to an existing contract. Each version of the rules that judge its visits is also
// written to its log.
Status joinContract(sql::Database& database, const Contract& contract, const ContractTerms& terms,
                    event_log::OfficeAct& office) {
  DOORSTEP_ASSIGN(const auto versions, versionsOf(database, contract.id));
  if (otherRules(versions, terms))
    return Error{ErrorCode::FailedPrecondition, "CONTRACT_RULES_DIFFER",
                 "contract " + contract.ref +
                     " is one of other providers too, with other rules; leave the rules out, or "
                     "give those of the contract"};
  DOORSTEP_TRY(addParty(database, contract.id, terms.provider));
  for (const KeptRules& version : versions)
    office.say(terms.provider, visits::OfficeReason::Import,
               factOf(contract.id, contract.ref, version), version.reason);
  return kDone;
}

// The provider has no contract of this ref.
Result<ContractId> joinOrAddContract(sql::Database& database, const ContractTerms& terms,
                                     const Clock& clock, IdSource& ids,
                                     event_log::OfficeAct& office) {
  DOORSTEP_ASSIGN(const auto named, contractsOfRef(database, terms.ref));
  for (const Contract& each : named) {
    if (each.council != terms.council)
      continue;
    DOORSTEP_TRY(joinContract(database, each, terms, office));
    return each.id;
  }
  if (!named.empty())
    return Error{ErrorCode::FailedPrecondition, "CONTRACT_OF_ANOTHER_COUNCIL",
                 "contract " + terms.ref + " is another council's"};
  return addContract(database, terms, clock, ids, office);
}

}  // namespace

measures::Rules rulesOver(const measures::Rules& newest, const StatedRules& stated) {
  measures::Rules rules = stated.pack.value_or(newest);
  rules.lateToleranceMin = stated.lateToleranceMin.value_or(rules.lateToleranceMin);
  rules.earlyToleranceMin = stated.earlyToleranceMin.value_or(rules.earlyToleranceMin);
  rules.timeCriticalToleranceMin =
      stated.timeCriticalToleranceMin.value_or(rules.timeCriticalToleranceMin);
  rules.missedAfterMin = stated.missedAfterMin.value_or(rules.missedAfterMin);
  return rules;
}

Result<std::optional<ProviderId>> providerByName(sql::Database& database, std::string_view name) {
  DOORSTEP_ASSIGN(const auto id,
                  idByName(database, "SELECT provider_id FROM provider WHERE name = ?", name));
  return id ? std::optional<ProviderId>(ProviderId(*id)) : std::nullopt;
}

Result<ProviderId> ensureProvider(sql::Database& database, std::string_view name,
                                  const Clock& clock, IdSource& ids) {
  DOORSTEP_ASSIGN(const auto stored,
                  providerByName(database, name));  // stored before names were checked
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
                  councilByName(database, name));  // stored before names were checked
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

Result<EnsuredContract> ensureContract(sql::Database& database, const ContractTerms& terms,
                                       const Clock& clock, IdSource& ids,
                                       event_log::OfficeAct& office) {
  DOORSTEP_ASSIGN(const auto known, contractsOfProvider(database, terms.provider));
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Contract& each) { return each.ref == terms.ref; });
  EnsuredContract contract;
  if (found == known.end()) {
    DOORSTEP_ASSIGN(contract.id, joinOrAddContract(database, terms, clock, ids, office));
  } else if (found->council != terms.council) {
    return Error{ErrorCode::FailedPrecondition, "CONTRACT_OF_ANOTHER_COUNCIL",
                 "contract " + terms.ref + " is another council's"};
  } else {
    contract.id = found->id;
    DOORSTEP_ASSIGN(contract.othersJudgedAnew, addRulesIfChanged(database, *found, terms, office));
  }
  DOORSTEP_TRY(putLots(database, contract.id, terms, clock, office));
  return contract;
}

}  // namespace doorstep::roster
