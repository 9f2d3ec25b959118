// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/person_terms.h"

#include <algorithm>
#include <iterator>

#include "shared/core/local_time.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/row_history.h"

namespace doorstep::roster {

namespace {

constexpr const char* kTermsOfPerson = R"sql(
SELECT from_day, lot, tier, funder_split, person_terms.reason, made_unix_ms FROM person_terms
LEFT JOIN plan_version ON plan_version.provider_id = person_terms.provider_id
  AND plan_version.plan_version = person_terms.plan_version
WHERE person_terms.provider_id = ? AND person_id = ? AND replaced_version IS NULL
ORDER BY from_day)sql";

constexpr const char* kReplacedTerms = R"sql(
SELECT from_day, lot, tier, funder_split, person_terms.reason, made.made_unix_ms,
  person_terms.plan_version, replaced_version, replaced.made_unix_ms
FROM person_terms
LEFT JOIN plan_version AS made ON made.provider_id = person_terms.provider_id
  AND made.plan_version = person_terms.plan_version
LEFT JOIN plan_version AS replaced ON replaced.provider_id = person_terms.provider_id
  AND replaced.plan_version = person_terms.replaced_version
WHERE person_terms.provider_id = ? AND person_id = ? AND from_day <= ?
ORDER BY from_day, person_terms.plan_version)sql";

PersonTerms readRow(const sql::Statement& row) {
  PersonTerms terms{row.columnInt(0), row.columnText(1), row.columnText(2), row.columnText(3),
                    row.columnText(4)};
  if (!row.columnIsNull(5))
    terms.madeUnixMs = row.columnInt(5);
  return terms;
}

Result<std::vector<PersonTerms>> readTerms(sql::Statement& rows, ProviderId provider,
                                           PersonId person) {
  rows.reset();
  rows.bindId(0, provider.value).bindId(1, person.value);
  std::vector<PersonTerms> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      break;
    found.push_back(readRow(rows));
  }
  rows.reset();
  return found;
}

}  // namespace

Result<std::vector<PersonTerms>> personTerms(sql::Database& database, ProviderId provider,
                                             PersonId person) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(kTermsOfPerson));
  return readTerms(rows, provider, person);
}

Result<std::vector<ReplacedTerms>> replacedTerms(sql::Database& database, ProviderId provider,
                                                 PersonId person, std::int64_t day) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(kReplacedTerms));
  rows.bindId(0, provider.value).bindId(1, person.value).bind(2, day);
  RowHistory<PersonTerms> history;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      break;
    const PersonTerms terms = readRow(rows);
    history.add(terms, readSpan(rows, 0, 5, 6));
  }
  std::vector<ReplacedTerms> found;
  for (auto& past : history.past()) {
    past.row.madeUnixMs = past.sinceUnixMs;
    found.push_back({std::move(past.row), past.untilUnixMs});
  }
  return found;
}

Result<PersonReader> PersonReader::open(sql::Database& database) {
  DOORSTEP_ASSIGN(auto person, preparePerson(database));
  DOORSTEP_ASSIGN(auto terms, database.prepare(kTermsOfPerson));
  return PersonReader(std::move(person), std::move(terms));
}

Result<PersonWithTerms> PersonReader::of(ProviderId provider, PersonId id) {
  DOORSTEP_ASSIGN(auto person, readPerson(person_, provider, id));
  DOORSTEP_ASSIGN(auto terms, readTerms(terms_, provider, id));
  return PersonWithTerms{std::move(person), std::move(terms)};
}

const PersonTerms& termsOn(const std::vector<PersonTerms>& terms, std::int64_t day) {
  static const PersonTerms kNone;
  if (terms.empty())
    return kNone;
  const auto later = std::upper_bound(
      terms.begin(), terms.end(), day,
      [](std::int64_t wanted, const PersonTerms& each) { return wanted < each.fromDay; });
  return later == terms.begin() ? terms.front() : *std::prev(later);
}

const PersonTerms& termsAt(const std::vector<PersonTerms>& terms, std::int64_t unixMs) {
  // Common case: no local day needs to be computed.
  return terms.size() == 1 ? terms.front() : termsOn(terms, londonDayNumber(unixMs));
}

Status putPersonTerms(sql::Database& database, ProviderId provider, PersonId person,
                      const PersonTerms& terms) {
  // Rows of the version that is being made are not published yet, so they may be deleted.
  DOORSTEP_ASSIGN(auto drop, database.prepare(R"sql(
DELETE FROM person_terms WHERE provider_id = ?1 AND person_id = ?2 AND from_day >= ?3
  AND plan_version > (SELECT plan_version FROM provider WHERE provider_id = ?1))sql"));
  drop.bindId(0, provider.value).bindId(1, person.value).bind(2, terms.fromDay);
  DOORSTEP_TRY(drop.run());
  DOORSTEP_ASSIGN(auto retire, database.prepare(R"sql(
UPDATE person_terms
SET replaced_version = (SELECT plan_version + 1 FROM provider WHERE provider_id = ?1)
WHERE provider_id = ?1 AND person_id = ?2 AND from_day >= ?3 AND replaced_version IS NULL)sql"));
  retire.bindId(0, provider.value).bindId(1, person.value).bind(2, terms.fromDay);
  DOORSTEP_TRY(retire.run());
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
INSERT INTO person_terms (provider_id, person_id, from_day, plan_version, lot, tier, funder_split,
  reason)
VALUES (?1, ?2, ?3, (SELECT plan_version + 1 FROM provider WHERE provider_id = ?1), ?4, ?5, ?6,
  ?7))sql"));
  row.bindId(0, provider.value).bindId(1, person.value).bind(2, terms.fromDay);
  row.bindText(3, terms.lot).bindText(4, terms.tier).bindText(5, terms.funderSplit);
  return row.bindText(6, terms.reason).run();
}

}  // namespace doorstep::roster
