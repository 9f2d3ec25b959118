// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shared/visits/plan.h"
#include "sync-server/projections/attendance_record.h"

namespace doorstep::projections {

// A carer slot of a visit and who filled it.
struct FilledSlot {
  std::uint32_t slot = 0;
  CarerId planned;                           // 0: unassigned
  const AttendanceRecord* record = nullptr;  // null: nothing was recorded for it
  // The carer of the slot: who recorded, otherwise who is planned.
  CarerId carer() const { return record != nullptr ? record->carer : planned; }
};

// Assigns records to slots. Planned carers fill their own slots. A carer who came unplanned fills a
// slot whose planned carer recorded nothing, or no entry while the other was inside; earlier
// arrivals fill lower slots. So a swap that the office did not enter still counts as a visit. With
// more carers than slots the surplus is omitted here (surplusSlots) but visible among the visit's
// events. Pure; pointers are into `records`. Returns one slot per required carer, by number. visit
// needs, by number.
std::vector<FilledSlot> assignSlots(const visits::PlannedVisit& visit,
                                    std::span<const AttendanceRecord> records);

// Carers who checked in although all slots belong to others: the visit was reassigned while she was
// in it, or more carers came than required. Returned as slots numbered after the visit's, by
// arrival. Shown on boards beside the slots; council records contain only slots.
std::vector<FilledSlot> surplusSlots(std::span<const FilledSlot> slots,
                                     std::span<const AttendanceRecord> records);

// Whether a critical planned task was not done: recorded as not done and done by nobody, or not
// recorded although all carers have left.
bool criticalTaskNotDone(const visits::PlannedVisit& visit, std::span<const FilledSlot> slots);

}  // namespace doorstep::projections
