// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/plan.h"

namespace doorstep::roster {

// The terms under which a person is cared for, from a local day until the next
// row's: her lot, and so the contract and the council that sees her visits, her tier of care and
// the payers. A visit is under the terms of its own day: changes only affect days that have not
// begun. visits::Person::lot is the newest file's and for display only. Thread: the connection's.

constexpr std::int64_t kFromAlways = 0;  // 1970: before any visit

struct PersonTerms {
  std::int64_t fromDay = kFromAlways;
  std::string lot;  // empty: under no contract
  std::string tier;
  std::string funderSplit;  // "name=share;...", empty: not said
  // Why days that had begun were given these terms. Empty: nothing was corrected.
  std::string reason = {};
  // When the row was written; absent: not known.
  std::optional<std::int64_t> madeUnixMs = {};

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

// What records of the day showed before, oldest first: terms with when they were set for that day
// (madeUnixMs) and when others took their place.
struct ReplacedTerms {
  PersonTerms terms;
  std::optional<std::int64_t> replacedUnixMs;
};
Result<std::vector<ReplacedTerms>> replacedTerms(sql::Database& database, ProviderId provider,
                                                 PersonId person, std::int64_t day);

// Those of the day; before the first row the first one's. No rows: no lot.
const PersonTerms& termsOn(const std::vector<PersonTerms>& terms, std::int64_t day);
const PersonTerms& termsAt(const std::vector<PersonTerms>& terms, std::int64_t unixMs);

// Writes the row in place of those from its day on, with the plan version that is being made: the
// rows that it replaces stay, as what was known before. The caller has made sure that the days from
// fromDay on have no visit that has begun, or has a reason. Inside a write job.
Status putPersonTerms(sql::Database& database, ProviderId provider, PersonId person,
                      const PersonTerms& terms);

}  // namespace doorstep::roster
