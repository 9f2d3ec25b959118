// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/core/strong_id.h"
#include "shared/timing/trusted_time.h"
#include "shared/visits/event.h"

namespace doorstep::projections {

// A check-in, check-out or no-entry that counts, with all its known times. Device time, the
// interval of true time and server time are separate fields and never mixed.
struct RecordedMoment {
  DeviceId device;
  std::uint64_t eventNumber = 0;
  std::int64_t wallUnixMs = 0;                  // device time, raw
  std::optional<std::int64_t> correctedUnixMs;  // entered later by the carer; not used by rules
  timing::TrustedTime time;                     // rules use time.ruledUnixMs
  std::int64_t receivedUnixMs = 0;              // server time
  std::optional<visits::PlaceEvidence> place;
  visits::NoEntryReason noEntryReason = visits::NoEntryReason::Unspecified;

  bool operator==(const RecordedMoment&) const = default;
};

struct TaskOutcomeRecord {
  std::uint32_t taskNumber = 0;
  visits::TaskOutcome outcome = visits::TaskOutcome::Unspecified;
  visits::NotDoneReason reason = visits::NotDoneReason::Unspecified;
  visits::Independence independence = visits::Independence::Unspecified;

  bool operator==(const TaskOutcomeRecord&) const = default;
};

// What one carer recorded at one visit, planned there or not: the fold of her events
// (shared/visits/visit_fold.h) with trusted times. One row of the table `attendance`.
struct AttendanceRecord {
  ProviderId provider;
  VisitId visit;
  CarerId carer;
  std::optional<RecordedMoment> checkIn;
  std::optional<RecordedMoment> checkOut;
  std::optional<RecordedMoment> noEntry;
  std::vector<TaskOutcomeRecord> tasks;  // by task number
  std::uint32_t announcedDelayMin = 0;
  // Newest entry about it: of two copies the one with the higher position is newer.
  std::uint64_t newestPosition = 0;

  bool operator==(const AttendanceRecord&) const = default;
};

}  // namespace doorstep::projections
