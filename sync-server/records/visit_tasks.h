// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "shared/visits/plan.h"
#include "sync-server/projections/attendance_record.h"

namespace doorstep::records {

// Planned tasks of a visit by what all its carers recorded.
struct VisitTasks {
  std::uint32_t planned = 0;
  std::uint32_t criticalPlanned = 0;
  std::uint32_t done = 0;             // by anybody, wholly or partly
  std::uint32_t notDoneReasoned = 0;  // done by nobody, and somebody gave a reason
  std::uint32_t criticalNotDone = 0;  // critical, and done by nobody
};

// Pure. Thread: any.
VisitTasks visitTasks(const visits::PlannedVisit& visit,
                      std::span<const projections::AttendanceRecord> records);

}  // namespace doorstep::records
