// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shared/visits/plan.h"
#include "sync-server/projections/attendance_record.h"

namespace doorstep::projections {

// A carer slot of a visit with who filled it.
struct FilledSlot {
  std::uint32_t slot = 0;
  CarerId planned;                           // 0: nobody was
  const AttendanceRecord* record = nullptr;  // null: nobody recorded anything for it
  // Whom the slot is about: who recorded, else who is planned.
  CarerId carer() const { return record != nullptr ? record->carer : planned; }
};

// Which record belongs to which slot. Planned carers fill their own; a carer who came unplanned
// fills a slot whose planned carer recorded nothing, or found no entry where she was inside, the
// earlier arrival the lower slot, so that a swap that the office did not enter still counts as a
// visit. More carers than slots: the surplus is left out here (surplusSlots), and stays visible
// among the visit's events. Pure; the pointers are into `records`. One slot for each carer that the
// visit needs, by number.
std::vector<FilledSlot> assignSlots(const visits::PlannedVisit& visit,
                                    std::span<const AttendanceRecord> records);

// Carers who checked in although every slot is somebody else's: a visit that was given to another
// while she was in it, or more carers than were asked for. As slots of their own, numbered after
// the visit's, by arrival. What a board shows beside the slots; a record has slots only.
std::vector<FilledSlot> surplusSlots(std::span<const FilledSlot> slots,
                                     std::span<const AttendanceRecord> records);

// Whether a planned task that is critical was not done: somebody recorded so and nobody did it, or
// everybody has left and nobody recorded it.
bool criticalTaskNotDone(const visits::PlannedVisit& visit, std::span<const FilledSlot> slots);

}  // namespace doorstep::projections
