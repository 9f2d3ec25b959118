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

// What the screens need beyond journal and roster.
struct SyncStanding {
  bool exchanging = false;
  std::string lastFailureReason;
};

// Makes the values of screens.h. "At the office" comes from verified receipts and from nothing
// else. Reads memory only: 14 days of visits take less than a millisecond. Thread: the journal's
// worker.
class ScreenBuilder {
 public:
  ScreenBuilder(const journal::Journal& journal, const roster::RosterStore& roster,
                const VisitRecords& records, CarerId carer, std::string carerName);

  // First what is recorded: a visit that is begun and not ended is on the round whatever the plan
  // says now, and so is a door without entry for some hours. Then what is planned: today by the
  // given time (trusted_now.h), the hours after it, and what nobody has begun of the hours before.
  RoundScreen round(std::int64_t nowUnixMs) const;
  // Nothing when neither the plan nor the journal knows the visit. A visit that left the plan shows
  // what was recorded.
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
