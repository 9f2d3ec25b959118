// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/person_terms.h"

#include <algorithm>
#include <iterator>

#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/scope_days.h"

namespace doorstep::roster {

namespace {

constexpr const char* kTermsOfPerson = R"sql(
SELECT from_day, lot, tier, funder_split FROM person_terms
WHERE provider_id = ? AND person_id = ? ORDER BY from_day)sql";

Result<std::vector<PersonTerms>> readTerms(sql::Statement& rows, ProviderId provider,
                                           PersonId person) {
  rows.reset();
  rows.bindId(0, provider.value).bindId(1, person.value);
  std::vector<PersonTerms> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      break;
    found.push_back(
        {rows.columnInt(0), rows.columnText(1), rows.columnText(2), rows.columnText(3)});
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
  // The usual case costs no calendar.
  return terms.size() == 1 ? terms.front() : termsOn(terms, localDay(unixMs));
}

Status putPersonTerms(sql::Database& database, ProviderId provider, PersonId person,
                      const PersonTerms& terms) {
  DOORSTEP_ASSIGN(auto drop, database.prepare("DELETE FROM person_terms WHERE provider_id = ? AND "
                                              "person_id = ? AND from_day >= ?"));
  drop.bindId(0, provider.value).bindId(1, person.value).bind(2, terms.fromDay);
  DOORSTEP_TRY(drop.run());
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
INSERT INTO person_terms (provider_id, person_id, from_day, lot, tier, funder_split)
VALUES (?, ?, ?, ?, ?, ?))sql"));
  row.bindId(0, provider.value).bindId(1, person.value).bind(2, terms.fromDay);
  return row.bindText(3, terms.lot).bindText(4, terms.tier).bindText(5, terms.funderSplit).run();
}

}  // namespace doorstep::roster
