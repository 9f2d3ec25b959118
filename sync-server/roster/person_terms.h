// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/plan.h"

namespace doorstep::roster {

// The terms under which a person is cared for, from a local day (scope_days.h) until the next
// row's: her lot, and so the contract and the council that sees her visits, her tier of care and
// the payers. A visit is under the terms of its own day: changes only affect days that have not
// begun. visits::Person::lot is the newest file's and for display only. Thread: the connection's.

constexpr std::int64_t kFromAlways = 0;  // 1970: before any visit

struct PersonTerms {
  std::int64_t fromDay = kFromAlways;
  std::string lot;  // empty: under no contract
  std::string tier;
  std::string funderSplit;  // "name=share;...", empty: not given

  bool sameTerms(const PersonTerms& other) const {
    return lot == other.lot && tier == other.tier && funderSplit == other.funderSplit;
  }
};

// By fromDay. Empty: unknown person.
Result<std::vector<PersonTerms>> personTerms(sql::Database& database, ProviderId provider,
                                             PersonId person);
// A person with her terms.
struct PersonWithTerms {
  visits::Person person;
  std::vector<PersonTerms> terms;
};
// Reads many people with one set of statements. Thread: the connection's.
class PersonReader {
 public:
  static Result<PersonReader> open(sql::Database& database);
  // Error: PERSON_UNKNOWN.
  Result<PersonWithTerms> of(ProviderId provider, PersonId person);

 private:
  PersonReader(sql::Statement person, sql::Statement terms)
      : person_(std::move(person)), terms_(std::move(terms)) {}
  sql::Statement person_, terms_;
};

// The terms of the day; before the first row, those of the first row. No rows: no lot.
const PersonTerms& termsOn(const std::vector<PersonTerms>& terms, std::int64_t day);
const PersonTerms& termsAt(const std::vector<PersonTerms>& terms, std::int64_t unixMs);

// Writes the row and deletes later ones. The caller has checked that no visit has begun on the days
// from fromDay on. Inside a write job.
Status putPersonTerms(sql::Database& database, ProviderId provider, PersonId person,
                      const PersonTerms& terms);

}  // namespace doorstep::roster
