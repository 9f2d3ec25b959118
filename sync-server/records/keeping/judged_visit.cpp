// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/judged_visit.h"

#include <algorithm>

#include "shared/core/durations.h"
#include "shared/core/time_range.h"
#include "sync-server/records/figures/measure_messages.h"

namespace doorstep::records {
namespace {

using measures::ClassifiedSlot;
using measures::ClassifiedVisit;
using measures::SlotClass;
using visits::Punctuality;

Punctuality attendedAs(const ClassifiedVisit& visit, const ClassifiedSlot& slot) {
  if (measures::isLate(*slot.startMs, *visit.basis, visit))
    return Punctuality::Late;
  return measures::isEarly(*slot.startMs, *visit.basis, visit) ? Punctuality::Early
                                                               : Punctuality::OnTime;
}

bool wasThere(const ClassifiedSlot& slot) {
  return slot.startMs || slot.endMs || slot.facts->noEntryMs;
}

}  // namespace

visits::SlotJudgement slotJudgement(const ClassifiedVisit& visit, const ClassifiedSlot& slot) {
  switch (slot.slotClass) {
    case SlotClass::Attended: {
      const std::int64_t late = saturatingSubtract(*slot.startMs, visit.basis->latestStartMs);
      return {attendedAs(visit, slot), std::max<std::int64_t>(late, 0)};
    }
    case SlotClass::Missed:
      return {Punctuality::Missed, 0};
    case SlotClass::NoEntry:
      return {Punctuality::NoEntry, 0};
    case SlotClass::Open:
      return {Punctuality::Open, 0};
    case SlotClass::Unplanned:
      return {Punctuality::Unplanned, 0};
    case SlotClass::Cancelled:
    case SlotClass::Suspended:
      return {wasThere(slot) ? Punctuality::CancelledAttended : Punctuality::NotCounted, 0};
    case SlotClass::None:
      break;
  }
  return {Punctuality::NotCounted, 0};  // no rules on its day
}

std::vector<SlotRow> slotRows(const ClassifiedVisit& visit) {
  std::vector<SlotRow> rows;
  for (const ClassifiedSlot& slot : visit.slots) {
    SlotRow row;
    row.slot = static_cast<std::uint32_t>(slot.facts->number);
    row.carer = carerNamed(slot.facts->carer);
    row.startUnixMs = slot.facts->start.ruledMs;
    row.judgement = slotJudgement(visit, slot);
    rows.push_back(row);
  }
  return rows;
}

bool isUndated(const ClassifiedVisit& visit) {
  return !visit.locked && !visit.final && !visit.facts->commissioned &&
         std::none_of(visit.slots.begin(), visit.slots.end(), wasThere);
}

std::optional<std::int64_t> nextDeadline(const ClassifiedVisit& visit) {
  const std::int64_t now = visit.facts->exportedMs;
  std::optional<std::int64_t> next;
  const auto at = [&](std::int64_t moment) {
    if (moment > now && (!next || moment < *next))
      next = moment;
  };
  // A plan that is not locked yet judges only until then.
  if (visit.final && !visit.locked && !visit.plannedAfterStart)
    at(visit.final->startMs - 24 * kHourMs);
  if (visit.visitClass != measures::VisitClass::Open || !visit.basis)
    return next;
  at(saturatingAdd(visit.basis->endMs, visit.rules->missedAfterMin * kMinuteMs) + 1);
  if (visit.nextMs)
    at(*visit.nextMs);
  if (visit.cutoffMs)
    at(*visit.cutoffMs + 1);
  return next;
}

}  // namespace doorstep::records
