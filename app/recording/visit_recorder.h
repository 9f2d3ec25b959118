// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "app/journal/journal.h"
#include "app/platform/platform.h"
#include "app/projections/known_plan.h"
#include "app/projections/visit_records.h"
#include "app/recording/intent.h"
#include "app/roster/roster_store.h"
#include "shared/visits/event.h"

namespace doorstep::recording {

// Turns an intent into a fact in the journal. Never depends on network, position or time: a missing
// one lowers the evidence grade. Computes the distance here, so that coordinates never leave the
// phone. Thread: the journal's worker.
class VisitRecorder {
 public:
  VisitRecorder(journal::Journal& journal, const roster::RosterStore& roster,
                projections::VisitRecords& records, platform::Platform& platform);

  // The number of the event, durable. Errors (InvalidArgument unless noted): VISIT_MISSING,
  // NOTE_EMPTY, NOTE_TOO_LONG, NOTE_NOT_UTF8, TASK_INVALID, REASON_MISSING, DELAY_INVALID,
  // AMENDS_NOTHING; ALREADY_RECORDED (FailedPrecondition) for a repeated tap: a second check-in,
  // check-out or no-entry while the first is not withdrawn. Storage: as journal::Journal.
  Result<std::uint64_t> record(const Intent& intent);

 private:
  Result<visits::Fact> factOf(const CheckIn& intent) const;
  Result<visits::Fact> factOf(const CheckOut& intent) const;
  Result<visits::Fact> factOf(const RecordTask& intent) const;
  Result<visits::Fact> factOf(const AddNote& intent) const;
  Result<visits::Fact> factOf(const ReportNoEntry& intent) const;
  Result<visits::Fact> factOf(const AnnounceDelay& intent) const;
  Result<visits::Fact> factOf(const Amend& intent) const;
  std::optional<journal::KeptPlan> planToKeep(VisitId visit) const;
  visits::PlaceEvidence placeAt(VisitId visit, std::optional<visits::PlaceMethod> shown) const;

  journal::Journal& journal_;
  const roster::RosterStore& roster_;
  const projections::KnownPlan plan_;
  projections::VisitRecords& records_;
  platform::Platform& platform_;
};

}  // namespace doorstep::recording
