// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/measures/rules.h"
#include "shared/visits/office_fact.h"
#include "sync-server/event_log/office_act.h"

namespace doorstep::roster {

// The versions of contracts' rules: kept for ever, numbered from 1 in each contract. A version
// holds from a local day on, until the version of a later day, or its own last day. What is stored
// here and what the logs of the contract's providers say is the same; office::OfficeAudit compares
// them. Thread: the connection's.

struct KeptRules {
  measures::RuleVersion version;
  std::int64_t fromUnixMs = 0;  // of effectiveFrom's beginning; 0: since always
  std::string unknown = {};     // parameters of a later release, encoded
  // Who, when and why. Of before it was kept: nobody, no time, no words.
  AccountId account = {};
  std::string accountName = {};  // of the command line's user; an account's is looked up
  std::optional<std::int64_t> decidedUnixMs = {};
  std::string reason = {};
  bool isCorrection = false;  // its first day had begun
};

// Reads versions of one contract after the other. Error besides the database's: DATA_LOSS
// (RULES_DAMAGED).
class RulesReader {
 public:
  static Result<RulesReader> open(sql::Database& database);
  // By number.
  Result<std::vector<KeptRules>> ofContract(ContractId contract);

 private:
  explicit RulesReader(sql::Statement rows) : rows_(std::move(rows)) {}
  sql::Statement rows_;
};

visits::RulesSet factOf(ContractId contract, const std::string& ref, const KeptRules& rules);

// Stores a version and adds its fact to the act, for the log of each party. Who and when are the
// act's.
Status addRules(sql::Database& database, ContractId contract, const std::string& ref,
                const std::vector<ProviderId>& parties, KeptRules rules,
                visits::OfficeReason reason, event_log::OfficeAct& office);

Result<std::vector<ProviderId>> partiesOf(sql::Database& database, ContractId contract);

// What an officer publishes.
struct RulesDraft {
  std::uint32_t newestSeen = 0;  // number of the newest version that she has seen
  measures::Rules rules;
  std::int64_t firstDay = 0;            // local, from 1970-01-01
  std::optional<std::int64_t> lastDay;  // absent: until another version
  std::string reason;
  bool isCorrection = false;  // the first day may have begun
};
// Adds the draft as the contract's next version; returns its number. In a write job. Errors:
// ABORTED (RULES_CHANGED), INVALID_ARGUMENT (RULES_REFUSED with the first fault's sentence,
// REASON_MISSING, REASON_TOO_LONG, DAYS_REVERSED), FAILED_PRECONDITION (RULES_FROM_PAST,
// RULES_AS_BEFORE), NOT_FOUND (CONTRACT_UNKNOWN).
Result<std::uint32_t> publishRules(sql::Database& database, ContractId contract,
                                   const RulesDraft& draft, std::int64_t nowUnixMs,
                                   event_log::OfficeAct& office);

}  // namespace doorstep::roster
