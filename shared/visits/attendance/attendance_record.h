// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "shared/core/strong_id.h"
#include "shared/timing/trusted_time.h"
#include "shared/visits/event.h"
#include "shared/visits/visit_fold.h"

namespace doorstep::attendance {

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
// (visit_fold.h) with trusted times. On a server a row of the table `attendance`.
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

// When the entry arrived that holds an event, with the bounds of true time that this gives.
struct EntryArrival {
  timing::Anchor anchor;
  std::int64_t receivedUnixMs = 0;
};
using ArrivalOf = std::function<EntryArrival(DeviceId, std::uint64_t eventNumber)>;

// The one place where a fold gets its times: for a server from its log, for whoever checks its
// records from the proofs. provider, visit and newestPosition are left to the caller. Pure.
// Thread: any.
AttendanceRecord withTimes(const visits::Attendance& fold, const ArrivalOf& arrivalOf);

// A carer who only announced a delay or wrote a note did not attend.
inline bool wasThere(const AttendanceRecord& record) {
  return record.checkIn || record.checkOut || record.noEntry;
}

}  // namespace doorstep::attendance
