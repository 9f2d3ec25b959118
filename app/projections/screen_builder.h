// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/journal/journal.h"
#include "app/projections/known_plan.h"
#include "app/projections/screens.h"
#include "app/projections/visit_records.h"
#include "app/roster/roster_store.h"

namespace doorstep::projections {

// Input of the screens besides journal and roster.
struct SyncStanding {
  bool exchanging = false;
  std::string lastFailureReason;
};

// Builds the values of screens.h. "At the office" is derived from verified receipts only. Reads
// memory only: 14 days of visits take less than a millisecond. Thread: the journal's worker.
class ScreenBuilder {
 public:
  ScreenBuilder(const journal::Journal& journal, const roster::RosterStore& roster,
                const VisitRecords& records, CarerId carer, std::string carerName);

  // First recorded visits: one in progress stays on the round whatever the plan contains now, and
  // so, for some hours, does one with no entry. Then planned visits: those of today by the given
  // time (trusted_now.h), those of the following hours, and earlier ones that were not begun.
  RoundScreen round(std::int64_t nowUnixMs) const;
  // nullopt when neither the plan nor the journal knows the visit. A visit that left the plan shows
  // its records.
  std::optional<VisitScreen> visit(VisitId visit) const;
  OfficeScreen office(const SyncStanding& sync) const;

 private:
  bool staysOnRound(const VisitRecords::Record& record, const RoundVisit& visit,
                    std::int64_t nowUnixMs) const;
  RoundVisit row(VisitId id) const;
  OfficeState officeState(VisitId visit) const;
  std::uint32_t eventsOnThisPhone() const;
  std::optional<std::int64_t> lastContact() const;

  const journal::Journal& journal_;
  const roster::RosterStore& roster_;
  const KnownPlan plan_;
  const VisitRecords& records_;
  const CarerId carer_;
  const std::string carerName_;
};

}  // namespace doorstep::projections
