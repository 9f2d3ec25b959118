// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/rota/rota.h"

namespace doorstep::roster {

// Takes over lot, tier and funder of the people of a rota (person_terms.h). What differs from what
// holds already begins on a day of which nothing has begun: the file's lot_from, which is a fault
// when it is earlier (LOT_FROM_PAST), or else the first such day that is not before the person's
// first visit in the file. With a reason the day may have begun: then
// it is a correction. A new person is under her terms since always, unless lot_from says
// otherwise. Lives for one import, inside its write job. Thread: the connection's.
class TermsImport {
 public:
  TermsImport(sql::Database& database, ProviderId provider, const Rota& rota,
              std::int64_t nowUnixMs, FaultList& faults);

  // index: of the person in the rota; person: its id.
  Status put(std::uint32_t index, PersonId person, bool isNew);
  // Whether any terms were written, so that the plan has changed.
  bool changed() const { return changed_; }
  // What was said otherwise of days that had begun, with the reason that the file gives.
  struct Correction {
    PersonId person;
    PersonTerms terms;
  };
  const std::vector<Correction>& corrections() const { return corrections_; }

 private:
  Status write(PersonId person, const PersonTerms& terms);
  Result<std::int64_t> firstFreeDay(PersonId person);
  std::int64_t firstVisitDay(std::uint32_t index);

  sql::Database& database_;
  const ProviderId provider_;
  const Rota& rota_;
  const std::int64_t nowUnixMs_;
  FaultList& faults_;
  std::optional<std::set<PersonId>> begunToday_;  // people with a visit whose window has opened
  std::vector<std::int64_t> firstVisitUnixMs_;    // by index of the rota; filled when needed
  std::vector<Correction> corrections_;
  bool changed_ = false;
};

}  // namespace doorstep::roster
