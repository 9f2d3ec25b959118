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

// Imports lot, tier and funder of a rota's people (person_terms.h). Terms that differ from the
// present ones begin on a day on which nothing has begun: the file's lot_from, where an earlier day
// is a fault (LOT_FROM_PAST), or else the first such day not before the person's first visit in the
// file. A new person's terms begin at always, unless lot_from is given. Used for one import, inside
// its write job. Thread: the connection's.
class TermsImport {
 public:
  TermsImport(sql::Database& database, ProviderId provider, const Rota& rota,
              std::int64_t nowUnixMs, FaultList& faults);

  // index: of the person in the rota; person: its id.
  Status put(std::uint32_t index, PersonId person, bool isNew);
  // Whether any terms were written, so that the plan has changed.
  bool changed() const { return changed_; }

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
  bool changed_ = false;
};

}  // namespace doorstep::roster
