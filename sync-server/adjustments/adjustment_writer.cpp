// SPDX-License-Identifier: Apache-2.0
#include "sync-server/adjustments/adjustment_writer.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "shared/core/display_text.h"
#include "shared/core/durations.h"
#include "shared/core/time_range.h"
#include "shared/visits/adjustment_codes.h"
#include "sync-server/adjustments/limits.h"
#include "sync-server/projections/touched_visits.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::adjustments {
namespace {

Error wrong(const char* reason, const char* text) {
  return {ErrorCode::InvalidArgument, reason, text};
}

Status checkNote(const std::string& note) {
  if (note.size() > kNoteBytesMax)
    return wrong("NOTE_TOO_LONG", "a note has at most 500 bytes");
  if (!isUtf8(note) || note.find('\0') != std::string::npos)
    return wrong("NOTE_NOT_TEXT", "the note is no UTF-8 text");
  return kDone;
}

Status checkReason(const std::string& code, const std::string& note) {
  const visits::ReasonCode* reason = visits::reasonOfCode(code);
  if (reason == nullptr)
    return wrong("REASON_UNKNOWN", "no such reason code");
  if (reason->needsNote && note.empty())
    return wrong("NOTE_MISSING", "this reason says nothing without a note");
  return kDone;
}

// A slot of a visit with what was said of it so far.
struct OpenSlot {
  std::vector<visits::PlannedVisit> versions;  // of the plan, oldest first; at least one
  SlotAdjustments before;
};

Result<OpenSlot> openSlot(sql::Database& database, const SlotPlace& place) {
  OpenSlot open;
  DOORSTEP_ASSIGN(open.versions, roster::visitVersions(database, place.provider, place.visit));
  if (open.versions.empty())
    return Error{ErrorCode::NotFound, "VISIT_UNKNOWN", "no such visit of the provider"};
  const auto mostCarers = std::max_element(open.versions.begin(), open.versions.end(),
                                           [](const auto& a, const auto& b) {
                                             return a.carersRequired < b.carersRequired;
                                           })
                              ->carersRequired;
  if (place.slot == 0 || place.slot > mostCarers)
    return Error{ErrorCode::NotFound, "SLOT_UNKNOWN", "the visit never had such a slot"};
  DOORSTEP_ASSIGN(auto reader, AdjustmentReader::open(database));
  DOORSTEP_ASSIGN(auto slots, reader.ofVisit(place.provider, place.visit));
  if (const auto found = slots.find(place.slot); found != slots.end())
    open.before = std::move(found->second);
  if (open.before.newestRevision != place.seenRevision)
    return Error{ErrorCode::Aborted, "ADJUSTMENT_CHANGED",
                 "somebody else has said something of the slot meanwhile: look again"};
  if (open.before.newestRevision >= kRevisionsMax)
    return Error{ErrorCode::ResourceExhausted, "REVISIONS_TOO_MANY",
                 "the slot was adjusted too often"};
  return open;
}

bool isNearPlan(const std::vector<visits::PlannedVisit>& versions, std::int64_t unixMs) {
  return std::any_of(versions.begin(), versions.end(), [&](const visits::PlannedVisit& plan) {
    const std::int64_t end = plan.windowEndUnixMs + std::int64_t{plan.durationMin} * kMinuteMs;
    return unixMs >= saturatingSubtract(plan.windowStartUnixMs, kFarFromPlanMsMax) &&
           unixMs <= end + kFarFromPlanMsMax;
  });
}

Status checkTimes(const TimesOrder& order, const RuledTimes& ruled, const OpenSlot& open,
                  std::int64_t nowUnixMs) {
  if (!order.startUnixMs && !order.endUnixMs)
    return wrong("TIMES_MISSING", "neither a start nor an end");
  for (const auto& time : {order.startUnixMs, order.endUnixMs}) {
    if (!time)
      continue;
    if (*time > nowUnixMs + kFutureMsMax)
      return wrong("TIME_IN_FUTURE", "the time has not come yet");
    if (!isNearPlan(open.versions, *time))
      return wrong("TIME_FAR", "more than a day from every plan of the visit");
  }
  const auto start = order.startUnixMs ? order.startUnixMs : ruled.startUnixMs;
  const auto end = order.endUnixMs ? order.endUnixMs : ruled.endUnixMs;
  if (!start)
    return wrong("ADJUSTED_START_MISSING", "an end alone, and nobody recorded a start");
  if (end && *end < *start)
    return wrong("END_BEFORE_START", "the end is before the start");
  return kDone;
}

// Stores the row under the slot's next revision.
Result<Adjustment> add(sql::Database& database, const SlotPlace& place, const OpenSlot& open,
                       Adjustment row, const event_log::OfficeAct& act) {
  row.provider = place.provider;
  row.visit = place.visit;
  row.slot = place.slot;
  row.revision = open.before.newestRevision + 1;
  row.account = act.by().account;
  row.madeUnixMs = act.decidedUnixMs();
  DOORSTEP_TRY(addAdjustment(database, row));
  DOORSTEP_TRY(projections::touchVisit(database, place.provider, place.visit));
  return row;
}

// The note is in the log by its hash alone, so that the decision can be shown without it.
void say(const Adjustment& row, event_log::OfficeAct& act) {
  const auto entry = act.openEntry(row.provider);
  act.say(entry, visits::OfficeReason::Adjustment, factOf(row, act.saltOf(entry)));
}

}  // namespace

Result<Adjustment> approveTimes(sql::Database& database, const TimesOrder& order,
                                const RuledTimes& ruled, event_log::OfficeAct& act) {
  DOORSTEP_TRY(checkNote(order.note));
  if (order.reason.empty())
    return wrong("REASON_MISSING", "without a reason nothing is adjusted");
  DOORSTEP_TRY(checkReason(order.reason, order.note));
  if (order.action.empty())
    return wrong("ACTION_MISSING", "what was checked must be said; A8: no evidence");
  if (visits::actionOfCode(order.action) == nullptr)
    return wrong("ACTION_UNKNOWN", "no such action code");
  DOORSTEP_ASSIGN(const OpenSlot open, openSlot(database, order.place));
  DOORSTEP_TRY(checkTimes(order, ruled, open, act.decidedUnixMs()));
  DOORSTEP_ASSIGN(auto row, add(database, order.place, open,
                                {.kind = AdjustmentKind::TimesApproved,
                                 .startUnixMs = order.startUnixMs,
                                 .endUnixMs = order.endUnixMs,
                                 .reason = order.reason,
                                 .action = order.action,
                                 .note = order.note,
                                 .byRole = order.byRole},
                                act));
  say(row, act);
  return row;
}

Result<Adjustment> withdrawTimes(sql::Database& database, const SlotPlace& place,
                                 const std::string& note, const std::string& byRole,
                                 event_log::OfficeAct& act) {
  DOORSTEP_TRY(checkNote(note));
  DOORSTEP_ASSIGN(const OpenSlot open, openSlot(database, place));
  if (!open.before.times)
    return Error{ErrorCode::FailedPrecondition, "NOTHING_ADJUSTED",
                 "the slot has no adjusted time to withdraw"};
  DOORSTEP_ASSIGN(
      auto row, add(database, place, open,
                    {.kind = AdjustmentKind::TimesWithdrawn, .note = note, .byRole = byRole}, act));
  say(row, act);
  return row;
}

Result<Adjustment> explainSlot(sql::Database& database, const ExplainOrder& order,
                               event_log::OfficeAct& act) {
  DOORSTEP_TRY(checkNote(order.note));
  if (order.reason.empty() && !order.responsibility.empty())
    return wrong("REASON_MISSING", "somebody answers, and for nothing");
  if (!order.reason.empty()) {
    DOORSTEP_TRY(checkReason(order.reason, order.note));
  }
  if (!order.responsibility.empty() && !visits::isResponsibility(order.responsibility))
    return wrong("RESPONSIBILITY_UNKNOWN", "no such responsibility");
  DOORSTEP_ASSIGN(const OpenSlot open, openSlot(database, order.place));
  DOORSTEP_ASSIGN(auto row, add(database, order.place, open,
                                {.kind = AdjustmentKind::Explained,
                                 .reason = order.reason,
                                 .responsibility = order.responsibility,
                                 .note = order.note,
                                 .byRole = order.byRole},
                                act));
  say(row, act);
  return row;
}

}  // namespace doorstep::adjustments
