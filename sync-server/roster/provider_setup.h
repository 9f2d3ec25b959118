// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/sql/database.h"
#include "sync-server/event_log/office_act.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::roster {

// Providers, councils and contracts: created by the operator before a rota or with it. Each ensure…
// finds the row by name or ref, or creates it. Inside a write job. Thread: the connection's.

Result<ProviderId> ensureProvider(sql::Database& database, std::string_view name,
                                  const Clock& clock, IdSource& ids);
Result<std::optional<ProviderId>> providerByName(sql::Database& database, std::string_view name);
Result<CouncilId> ensureCouncil(sql::Database& database, std::string_view name, const Clock& clock,
                                IdSource& ids);
Result<std::optional<CouncilId>> councilByName(sql::Database& database, std::string_view name);

// From when a contract has a lot, and the provider's role in it.
struct LotStart {
  std::optional<std::int64_t> fromDay;
  std::string role;
  // Why a day that has begun is said otherwise now: a correction. Empty: it is none.
  std::string correction = {};
};

// What somebody says of a contract's rules. What is left out is as in the newest version.
struct StatedRules {
  std::optional<measures::Rules> pack;  // all parameters
  std::optional<std::int64_t> lateToleranceMin;
  std::optional<std::int64_t> earlyToleranceMin;
  std::optional<std::int64_t> timeCriticalToleranceMin;
  std::optional<std::int64_t> missedAfterMin;
  bool operator==(const StatedRules&) const = default;
};
measures::Rules rulesOver(const measures::Rules& newest, const StatedRules& stated);

struct ContractTerms {
  std::string ref;
  CouncilId council;
  ProviderId provider;
  std::vector<std::string> lots;  // added to those that the contract has
  // Rules that differ from the newest become the contract's next version. Absent: a new contract
  // gets measures::unstatedRules, an old one keeps its rules.
  std::optional<StatedRules> rules;
  std::int64_t rulesFromUnixMs = 0;  // of a next version; the first is valid from always
  // For some of the lots. A lot new to the provider belongs to the contract from always, unless a
  // day is given. A lot of another contract moves to this one on the given day, which must not have
  // begun.
  std::map<std::string, LotStart> starts = {};
};
struct EnsuredContract {
  ContractId id;
  // Other providers whose visits the terms' rules judge from now on. 0: the rules are as before.
  std::uint32_t othersJudgedAnew = 0;
};
// The provider's contract of this ref, or else the council's, which the provider then joins, or a
// new one. A new version of the rules holds for every provider of the contract and is written to
// the log of each; the log of a provider that joins gets the existing versions. Called for the
// operator only: a rota that comes through the API names no contracts. Errors: FAILED_PRECONDITION
// (CONTRACT_OF_ANOTHER_COUNCIL, CONTRACT_RULES_DIFFER when a provider joins with other rules,
// LOT_OF_ANOTHER_CONTRACT, LOT_FROM_PAST).
Result<EnsuredContract> ensureContract(sql::Database& database, const ContractTerms& terms,
                                       const Clock& clock, IdSource& ids,
                                       event_log::OfficeAct& office);

}  // namespace doorstep::roster
