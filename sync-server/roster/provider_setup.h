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

// Who plans and who pays: made by the operator before a rota, or together with it. Each ensure…
// finds the row by its name or ref, or makes it. Inside a write job. Thread: the connection's.

Result<ProviderId> ensureProvider(sql::Database& database, std::string_view name,
                                  const Clock& clock, IdSource& ids);
Result<std::optional<ProviderId>> providerByName(sql::Database& database, std::string_view name);
Result<CouncilId> ensureCouncil(sql::Database& database, std::string_view name, const Clock& clock,
                                IdSource& ids);
Result<std::optional<CouncilId>> councilByName(sql::Database& database, std::string_view name);

// From when a lot is a contract's, and what the provider is in it.
struct LotStart {
  std::optional<std::int64_t> fromDay;
  std::string role;
};

struct ContractTerms {
  std::string ref;
  CouncilId council;
  ProviderId provider;
  std::vector<std::string> lots;  // added to those that the contract has
  // Rules that differ from the newest become its next version. Absent: a new contract gets the
  // defaults, an old one keeps its rules.
  std::optional<visits::ContractRules> rules;
  std::int64_t rulesFromUnixMs = 0;  // of a next version; the first one always holds
  // Of some of the lots. A lot that is new to the provider is the contract's since always, unless a
  // day is given. One of another contract passes to this one on the day that is given, which must
  // not have begun.
  std::map<std::string, LotStart> starts = {};
};
// A version of the rules that is made is said to the act. Errors: FAILED_PRECONDITION
// (CONTRACT_OF_ANOTHER_COUNCIL, LOT_OF_ANOTHER_CONTRACT,
// LOT_FROM_PAST).
Result<ContractId> ensureContract(sql::Database& database, const ContractTerms& terms,
                                  const Clock& clock, IdSource& ids, event_log::OfficeAct& office);

}  // namespace doorstep::roster
