// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/changes_since.h"

namespace doorstep::roster {

Result<std::vector<VisitChange>> visitsChangedSince(sql::Database& database, ProviderId provider,
                                                    const VisitChange& after, std::uint32_t limit) {
  // In two parts: an index scan starts at a bound on one column, not at one on a pair, and a
  // version may have written every visit.
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT plan_version, visit_id FROM (
  SELECT * FROM (SELECT plan_version, visit_id FROM visit
    WHERE provider_id = ?1 AND plan_version = ?2 AND visit_id > ?3
    ORDER BY visit_id LIMIT ?4) AS same
  UNION ALL
  SELECT * FROM (SELECT plan_version, visit_id FROM visit
    WHERE provider_id = ?1 AND plan_version > ?2
    ORDER BY plan_version, visit_id LIMIT ?4) AS later) AS changed
ORDER BY plan_version, visit_id LIMIT ?4)sql"));
  rows.bindId(0, provider.value).bindId(1, after.planVersion);
  rows.bindId(2, after.visit.value).bind(3, limit);
  std::vector<VisitChange> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back({rows.columnId(0), VisitId(rows.columnId(1))});
  }
}

Result<std::vector<TermsChange>> termsChangedSince(sql::Database& database, ProviderId provider,
                                                   std::uint64_t after, std::uint64_t to) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT person_id, min(from_day) FROM (
  SELECT person_id, from_day FROM person_terms
  WHERE provider_id = ?1 AND plan_version > ?2 AND plan_version <= ?3
  UNION ALL
  SELECT person_id, from_day FROM person_terms
  WHERE provider_id = ?1 AND replaced_version > ?2 AND replaced_version <= ?3) AS changed
GROUP BY person_id)sql"));
  rows.bindId(0, provider.value).bindId(1, after).bindId(2, to);
  std::vector<TermsChange> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back({PersonId(rows.columnId(0)), rows.columnInt(1)});
  }
}

Result<std::optional<std::int64_t>> lotsChangedSince(sql::Database& database, ProviderId provider,
                                                     std::uint64_t after, std::uint64_t to) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(R"sql(
SELECT min(from_day) FROM contract_provider
WHERE provider_id = ?1 AND ((plan_version > ?2 AND plan_version <= ?3)
  OR (replaced_version > ?2 AND replaced_version <= ?3)))sql"));
  rows.bindId(0, provider.value).bindId(1, after).bindId(2, to);
  DOORSTEP_ASSIGN(const bool row, rows.step());
  if (!row || rows.columnIsNull(0))
    return std::optional<std::int64_t>();
  return std::optional(rows.columnInt(0));
}

}  // namespace doorstep::roster
