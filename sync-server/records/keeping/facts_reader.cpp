// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/facts_reader.h"

#include <algorithm>

#include "sync-server/records/keeping/facts_codec.h"
#include "sync-server/records/keeping/record_store.h"
#include "sync-server/records/rules/rule_book.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {

measures::DayNumber reachDays(const measures::Rules& rules) {
  measures::DayNumber reach = 1;
  if (rules.roundingStage == measures::RoundingStage::Month)
    reach = std::max<measures::DayNumber>(reach, 31);
  if (rules.roundingStage == measures::RoundingStage::Week ||
      rules.deliveredCap == measures::DeliveredCap::WeeklyPool)
    reach = std::max<measures::DayNumber>(reach, 7);
  const bool datedByAnother =
      rules.punctualityBasis != measures::PlanKind::Locked || rules.basisFollowsPerson;
  if (datedByAnother && rules.missedRules != 0)
    reach = std::max<measures::DayNumber>(reach, 31);
  return reach;
}

Result<StoredFactsReader> StoredFactsReader::open(sql::Database& database, ContractId contract,
                                                  std::int64_t nowUnixMs) {
  StoredFactsReader reader;
  DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
  for (const roster::Provider& provider : providers)
    reader.names_.emplace(provider.id, provider.name);
  reader.contract_ = contractKey(contract);
  reader.nowUnixMs_ = nowUnixMs;
  return reader;
}

Result<StoredFacts> StoredFactsReader::read(ProviderId provider, VisitId visit, PersonId person,
                                            std::string_view kept) const {
  StoredFacts stored{provider, visit, person, {}};
  DOORSTEP_ASSIGN(stored.facts, decodeFacts(kept));
  const auto name = names_.find(provider);
  if (name != names_.end())
    stored.facts.provider = name->second;
  stored.facts.contractId = contract_;
  stored.facts.person = std::to_string(person.value);
  stored.facts.exportedMs = nowUnixMs_;
  return stored;
}

Result<std::vector<StoredFacts>> readFacts(sql::Database& database, const FactsRange& range,
                                           std::size_t visitsMax, std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(const auto reader, StoredFactsReader::open(database, range.contract, nowUnixMs));
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT provider_id, visit_id, person_id, facts FROM visit_record
WHERE contract_id = ?1 AND day >= ?2 AND day <= ?3 AND (provider_id = ?4 OR ?4 = 0)
UNION ALL
SELECT provider_id, visit_id, person_id, facts FROM visit_record
WHERE contract_id = ?1 AND day = ?5 AND (provider_id = ?4 OR ?4 = 0))sql"));
  rows.bindId(0, range.contract.value).bind(1, range.from).bind(2, range.to);
  // Other providers' visits are passed over in the index: of a county's month they are nine of ten.
  rows.bindId(3, range.provider.value_or(ProviderId()).value).bind(4, kUndatedDay);
  std::vector<StoredFacts> found;
  while (true) {
    DOORSTEP_TRY(database.goOn());
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    if (found.size() == visitsMax)
      return Error{ErrorCode::ResourceExhausted, "VISITS_TOO_MANY",
                   "more than " + std::to_string(visitsMax) + " visits: ask for fewer days"};
    DOORSTEP_ASSIGN(auto stored,
                    reader.read(ProviderId(rows.columnId(0)), VisitId(rows.columnId(1)),
                                PersonId(rows.columnId(2)), rows.columnBlob(3)));
    found.push_back(std::move(stored));
  }
}

}  // namespace doorstep::records
