// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/measures/visit_facts.h"

namespace doorstep::records {

// Which visits' facts: those of a contract whose anchor has its service day in [from, to], and
// those that nothing dates, which are of the day of the reading.
struct FactsRange {
  ContractId contract;
  std::optional<ProviderId> provider;  // absent: all of the contract
  measures::DayNumber from = 0;
  measures::DayNumber to = 0;
};

// A visit as it is judged, with the ids behind the names of its facts.
struct StoredFacts {
  ProviderId provider;
  VisitId visit;
  PersonId person;
  measures::VisitFacts facts;
};

// What figures are computed from, as the projection keeps it (record_keeper.h). contractId of the
// facts is contractKey(contract) (rule_book.h); person and carers are named by their ids, not by
// pseudonyms, which leaves every figure as it is; exportedMs is nowUnixMs. In no order. Error:
// RESOURCE_EXHAUSTED (VISITS_TOO_MANY) beyond visitsMax, and the database's. Cost: the visits of
// the range. Thread: the connection's.
Result<std::vector<StoredFacts>> readFacts(sql::Database& database, const FactsRange& range,
                                           std::size_t visitsMax, std::int64_t nowUnixMs);

}  // namespace doorstep::records
