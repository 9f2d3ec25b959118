// SPDX-License-Identifier: Apache-2.0
#include "sync-server/projections/slot_assignment.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace doorstep::projections {
namespace {

// Who was not there fills only her own slot.
using attendance::wasThere;

std::vector<FilledSlot> emptySlots(const visits::PlannedVisit& visit) {
  std::vector<FilledSlot> slots(std::max<std::size_t>(visit.carersRequired, 1));
  for (std::size_t index = 0; index < slots.size(); ++index)
    slots[index].slot = static_cast<std::uint32_t>(index + 1);
  for (const visits::CarerSlot& planned : visit.slots) {
    if (planned.slot >= 1 && planned.slot <= slots.size())
      slots[planned.slot - 1].planned = planned.carer;
  }
  return slots;
}

std::int64_t firstSeenUnixMs(const AttendanceRecord& record) {
  for (const auto* moment : {&record.checkIn, &record.noEntry, &record.checkOut}) {
    if (*moment)
      return (*moment)->time.ruledUnixMs;
  }
  return std::numeric_limits<std::int64_t>::max();
}

bool wasInside(const AttendanceRecord& record) { return record.checkIn || record.checkOut; }

}  // namespace

std::vector<FilledSlot> assignSlots(const visits::PlannedVisit& visit,
                                    std::span<const AttendanceRecord> records) {
  std::vector<FilledSlot> slots = emptySlots(visit);
  std::vector<const AttendanceRecord*> unplanned;
  for (const AttendanceRecord& record : records) {
    const auto own = std::find_if(slots.begin(), slots.end(), [&](const FilledSlot& slot) {
      return slot.planned && slot.planned == record.carer && slot.record == nullptr;
    });
    if (own != slots.end())
      own->record = &record;
    else if (wasThere(record))
      unplanned.push_back(&record);
  }
  std::sort(unplanned.begin(), unplanned.end(),
            [](const AttendanceRecord* a, const AttendanceRecord* b) {
              return std::tuple(firstSeenUnixMs(*a), a->carer) <
                     std::tuple(firstSeenUnixMs(*b), b->carer);
            });
  auto next = unplanned.begin();
  for (FilledSlot& slot : slots) {
    if (next == unplanned.end())
      break;
    // If the visit took place, another carer's no-entry does not keep the slot.
    const bool open = slot.record == nullptr || !wasThere(*slot.record) ||
                      (!wasInside(*slot.record) && wasInside(**next));
    if (open)
      slot.record = *next++;
  }
  return slots;
}

std::vector<FilledSlot> surplusSlots(std::span<const FilledSlot> slots,
                                     std::span<const AttendanceRecord> records) {
  std::vector<FilledSlot> surplus;
  for (const AttendanceRecord& record : records) {
    const bool filled = std::any_of(slots.begin(), slots.end(),
                                    [&](const FilledSlot& slot) { return slot.record == &record; });
    if (record.checkIn && !filled)
      surplus.push_back({0, {}, &record});
  }
  std::sort(surplus.begin(), surplus.end(), [](const FilledSlot& a, const FilledSlot& b) {
    return std::tuple(firstSeenUnixMs(*a.record), a.record->carer) <
           std::tuple(firstSeenUnixMs(*b.record), b.record->carer);
  });
  std::uint32_t number = slots.empty() ? 0 : slots.back().slot;
  for (FilledSlot& slot : surplus)
    slot.slot = ++number;
  return surplus;
}

bool criticalTaskNotDone(const visits::PlannedVisit& visit, std::span<const FilledSlot> slots) {
  const bool allLeft = std::all_of(slots.begin(), slots.end(), [](const FilledSlot& slot) {
    return slot.record != nullptr && slot.record->checkOut;
  });
  for (const visits::PlannedTask& task : visit.tasks) {
    if (!task.critical)
      continue;
    bool done = false;
    bool notDone = false;
    for (const FilledSlot& slot : slots) {
      if (slot.record == nullptr)
        continue;
      for (const TaskOutcomeRecord& recorded : slot.record->tasks) {
        if (recorded.taskNumber != task.taskNumber)
          continue;
        done = done || recorded.outcome == visits::TaskOutcome::Done;
        notDone = notDone || recorded.outcome != visits::TaskOutcome::Done;
      }
    }
    if (!done && (notDone || allLeft))
      return true;
  }
  return false;
}

}  // namespace doorstep::projections
