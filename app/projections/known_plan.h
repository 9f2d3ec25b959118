// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>

#include "app/journal/journal.h"
#include "app/roster/roster_store.h"

namespace doorstep::projections {

// What this phone knows of a visit's plan: the plan as last pulled, and for a visit that left it
// the objects that the journal kept at recording. A visit in progress thus keeps its name, tasks
// and place until it ends, whatever the plan contains now. Thread: the journal's worker.
class KnownPlan {
 public:
  // Both outlive it.
  KnownPlan(const journal::Journal& journal, const roster::RosterStore& roster)
      : journal_(journal), roster_(roster) {}

  // Null when neither the plan nor the journal knows the visit. Valid until journal or roster
  // changes.
  const visits::PlannedVisit* visit(VisitId id) const;
  const visits::Person* personOf(VisitId id) const;

 private:
  struct Kept {
    journal::KeptPlan source;
    std::optional<visits::PlannedVisit> visit;
    std::optional<visits::Person> person;
  };
  const Kept* kept(VisitId id) const;

  const journal::Journal& journal_;
  const roster::RosterStore& roster_;
  mutable std::map<VisitId, Kept> opened_;  // decoded once per change of the kept bytes
};

}  // namespace doorstep::projections
