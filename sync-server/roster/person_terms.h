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

// Under which terms a person is cared for, from a local day (scope_days.h) on until the next row's:
// her lot, and so the contract and the council that sees her visits, her tier of care and who pays.
// A visit is under the terms of its own day, whatever is said later: a change concerns days that
// have not begun. visits::Person::lot is what the newest file said and is for display alone.
// Thread: the connection's.

constexpr std::int64_t kFromAlways = 0;  // 1970: what holds since before there were visits

struct PersonTerms {
  std::int64_t fromDay = kFromAlways;
  std::string lot;  // empty: under no contract
  std::string tier;
  std::string funderSplit;  // "name=share;...", empty: not said

  bool sameTerms(const PersonTerms& other) const {
    return lot == other.lot && tier == other.tier && funderSplit == other.funderSplit;
  }
};

// By fromDay. Empty: the person is not known.
Result<std::vector<PersonTerms>> personTerms(sql::Database& database, ProviderId provider,
                                             PersonId person);
// A person with her terms.
struct PersonWithTerms {
  visits::Person person;
  std::vector<PersonTerms> terms;
};
// Reads people one after another, for whoever reads many. Thread: the connection's.
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

// Those of the day; before the first row the first one's. No rows: no lot.
const PersonTerms& termsOn(const std::vector<PersonTerms>& terms, std::int64_t day);
const PersonTerms& termsAt(const std::vector<PersonTerms>& terms, std::int64_t unixMs);

// Writes the row and drops those that were to come after it. The caller has made sure that the days
// from fromDay on have no visit that has begun. Inside a write job.
Status putPersonTerms(sql::Database& database, ProviderId provider, PersonId person,
                      const PersonTerms& terms);

}  // namespace doorstep::roster
