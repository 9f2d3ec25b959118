// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/measures/rules.h"
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

// How far beyond the days asked about a visit can matter to a figure of them: to a bill that spans
// a week or month, or to a stay and the next call of a day where the plan that judges is not the
// one that dates the visit. Pure.
measures::DayNumber reachDays(const measures::Rules& rules);

// Facts out of rows: as readFacts returns them. Thread: the connection's.
class StoredFactsReader {
 public:
  static Result<StoredFactsReader> open(sql::Database& database, ContractId contract,
                                        std::int64_t nowUnixMs);
  // kept: encodeFacts. Error: RECORD_DAMAGED.
  Result<StoredFacts> read(ProviderId provider, VisitId visit, PersonId person,
                           std::string_view kept) const;

 private:
  std::map<ProviderId, std::string> names_;
  std::string contract_;
  std::int64_t nowUnixMs_ = 0;
};

// What figures are computed from, as the projection keeps it (record_keeper.h). contractId of the
// facts is contractKey(contract) (rule_book.h); person and carers are named by their ids, not by
// pseudonyms, which leaves every figure as it is; exportedMs is nowUnixMs. In no order. Error:
// RESOURCE_EXHAUSTED (VISITS_TOO_MANY) beyond visitsMax, and the database's. Cost: the visits of
// the range. Thread: the connection's.
Result<std::vector<StoredFacts>> readFacts(sql::Database& database, const FactsRange& range,
                                           std::size_t visitsMax, std::int64_t nowUnixMs);

}  // namespace doorstep::records
