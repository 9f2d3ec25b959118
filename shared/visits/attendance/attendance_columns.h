// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "shared/visits/attendance/attendance_record.h"
#include "shared/visits/measures/visit_facts.h"
#include "shared/visits/plan.h"

namespace doorstep::attendance {

// What is recorded in the words and numbers of visits.csv (docs/measures.md), for the server that
// writes the file and for the program that checks it. Pure. Thread: any.

measures::EndFacts endFacts(const std::optional<RecordedMoment>& moment);

// Distance is shown in bands, not in metres: a council sees how far, never where. "": unknown.
std::string_view distanceBand(const std::optional<visits::PlaceEvidence>& place);

// "" for a reason that is not given.
std::string_view noEntryName(visits::NoEntryReason reason);

// Planned tasks by what one carer recorded.
struct CarerTasks {
  std::uint32_t done = 0;  // wholly or partly
  std::uint32_t notDoneReasoned = 0;
  std::uint32_t criticalNotDone = 0;
};
CarerTasks carerTasks(const visits::PlannedVisit& visit, const AttendanceRecord& record);

// Planned tasks of a visit by what all its carers recorded.
measures::TaskCounts visitTasks(const visits::PlannedVisit& visit,
                                std::span<const AttendanceRecord> records);

// Tasks by how much of them the person did. Of two carers who recorded one task, the one who helped
// more says it.
measures::Independence independenceOf(std::span<const AttendanceRecord> records);

}  // namespace doorstep::attendance
