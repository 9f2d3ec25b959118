// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/facts_reader.h"

#include <map>

#include "sync-server/records/facts_codec.h"
#include "sync-server/records/record_store.h"
#include "sync-server/records/rule_book.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {

Result<std::vector<StoredFacts>> readFacts(sql::Database& database, const FactsRange& range,
                                           std::size_t visitsMax, std::int64_t nowUnixMs) {
  std::map<ProviderId, std::string> names;
  DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
  for (const roster::Provider& provider : providers)
    names.emplace(provider.id, provider.name);
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
    const ProviderId provider(rows.columnId(0));
    if (found.size() == visitsMax)
      return Error{ErrorCode::ResourceExhausted, "VISITS_TOO_MANY",
                   "more than " + std::to_string(visitsMax) + " visits: ask for fewer days"};
    StoredFacts& stored = found.emplace_back();
    stored.provider = provider;
    stored.visit = VisitId(rows.columnId(1));
    stored.person = PersonId(rows.columnId(2));
    DOORSTEP_ASSIGN(stored.facts, decodeFacts(rows.columnBlob(3)));
    stored.facts.provider = names[provider];
    stored.facts.contractId = contractKey(range.contract);
    stored.facts.person = std::to_string(stored.person.value);
    stored.facts.exportedMs = nowUnixMs;
  }
}

}  // namespace doorstep::records
