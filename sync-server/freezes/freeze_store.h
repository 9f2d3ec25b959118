// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"
#include "sync-server/event_log/office_act.h"

namespace doorstep::freezes {

// Months of contracts that were closed: their figures as they were then. Rows are added and never
// changed: a freeze that holds no longer has a row that says so, and the next freeze of the month
// another number. Freezing holds nothing up: what comes later is judged as always and stands
// beside the frozen figures. Errors: the database's. Thread: the connection's.

// What is frozen (records/figures/month_figures.h reads it).
struct MonthFigures {
  ContractId contract;
  std::string contractRef;
  std::string month;  // "2026-11"
  std::int64_t asOfUnixMs = 0;
  std::vector<std::uint32_t> ruleVersions;  // ascending
  std::vector<visits::FrozenLog> logs;      // one for each provider of the contract, by id
  Hash visitsSha256;                        // of visits.csv, exported as of asOfUnixMs
  std::string measures;                     // canonical JSON (measure_files/measures_json.h)
  std::uint64_t visits = 0;
  std::uint64_t visitsSilent = 0;  // of phones that were silent
};

struct Unfreeze {
  std::string note;
  AccountId account;
  std::int64_t madeUnixMs = 0;
};

struct Freeze {
  std::uint32_t number = 0;  // of the month, from 1
  MonthFigures figures;
  std::string note;
  AccountId account;
  std::int64_t madeUnixMs = 0;
  std::optional<Unfreeze> unfrozen;  // absent: it holds
};

// Of the contract, by month and number. Cost: the size of the result, a month's JSON has 20 KB.
Result<std::vector<Freeze>> freezesOf(sql::Database& database, ContractId contract);
Result<std::vector<Freeze>> freezesOfMonth(sql::Database& database, ContractId contract,
                                           const std::string& month);
// Those with a log of the provider.
Status forEachFreezeOf(sql::Database& database, ProviderId provider,
                       const std::function<Status(const Freeze&)>& each);

// What the office's logs say; the note, who and when stand in the fact around it.
visits::MonthFrozen factOf(const Freeze& freeze);
visits::MonthUnfrozen unfrozenFactOf(const Freeze& freeze);

// Inside an office's write job: adds the row and says it in the log of each provider. Errors:
// FAILED_PRECONDITION (ALREADY_FROZEN), RESOURCE_EXHAUSTED (FREEZES_TOO_MANY), INVALID_ARGUMENT
// (NOTE_TOO_LONG, NOTE_NOT_TEXT).
Result<Freeze> freezeMonth(sql::Database& database, const MonthFigures& figures,
                           const std::string& note, event_log::OfficeAct& act);
// The same for the freeze that holds. Further errors: FAILED_PRECONDITION (NOT_FROZEN), ABORTED
// (FREEZE_CHANGED) when another one holds than `number`, INVALID_ARGUMENT (NOTE_MISSING).
Result<Freeze> unfreezeMonth(sql::Database& database, ContractId contract, const std::string& month,
                             std::uint32_t number, const std::string& note,
                             event_log::OfficeAct& act);

}  // namespace doorstep::freezes
