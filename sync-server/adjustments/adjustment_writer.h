// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sync-server/adjustments/adjustment_store.h"
#include "sync-server/event_log/office_act.h"

namespace doorstep::adjustments {

// A supervisor's decisions about carer slots. Each adds a row, says its fact in the act, so that
// both are stored or neither, and has the visit judged again (projections::touchVisit). Inside an
// office's write job (office::OfficeLog).
//
// Errors of all: NOT_FOUND (VISIT_UNKNOWN, SLOT_UNKNOWN); ABORTED (ADJUSTMENT_CHANGED) when
// somebody else has said something of the slot meanwhile; INVALID_ARGUMENT (NOTE_TOO_LONG,
// NOTE_NOT_TEXT); RESOURCE_EXHAUSTED (REVISIONS_TOO_MANY); the database's. Thread: the writer.

// Of which slot, seen in which state.
struct SlotPlace {
  ProviderId provider;
  VisitId visit;
  std::uint32_t slot = 0;
  std::uint32_t seenRevision = 0;  // the newest that the editor saw; 0: none
};

// What rules use of what the phone recorded; absent: not recorded.
struct RuledTimes {
  std::optional<std::int64_t> startUnixMs, endUnixMs;
};

struct TimesOrder {
  SlotPlace place;
  // The whole of what is approved: an absent one is not replaced, whatever was approved before.
  std::optional<std::int64_t> startUnixMs, endUnixMs;
  std::string reason, action;
  std::string note;
  std::string byRole;
};
// Further errors, INVALID_ARGUMENT: TIMES_MISSING (neither), ADJUSTED_START_MISSING (an end, and
// nobody recorded a start), END_BEFORE_START (also against the ruled time that stays), TIME_FAR
// (kFarFromPlanMsMax), TIME_IN_FUTURE, REASON_MISSING, REASON_UNKNOWN, ACTION_MISSING,
// ACTION_UNKNOWN, NOTE_MISSING (for a reason that says nothing without a sentence).
Result<Adjustment> approveTimes(sql::Database& database, const TimesOrder& order,
                                const RuledTimes& ruled, event_log::OfficeAct& act);

// Further error: FAILED_PRECONDITION (NOTHING_ADJUSTED).
Result<Adjustment> withdrawTimes(sql::Database& database, const SlotPlace& place,
                                 const std::string& note, const std::string& byRole,
                                 event_log::OfficeAct& act);

struct ExplainOrder {
  SlotPlace place;
  std::string reason;  // empty: nothing is said any more
  std::string responsibility;
  std::string note;
  std::string byRole;
};
// Further errors, INVALID_ARGUMENT: REASON_UNKNOWN, RESPONSIBILITY_UNKNOWN, REASON_MISSING (a
// responsibility for nothing), NOTE_MISSING.
Result<Adjustment> explainSlot(sql::Database& database, const ExplainOrder& order,
                               event_log::OfficeAct& act);

}  // namespace doorstep::adjustments
