// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/strong_id.h"
#include "shared/visits/event.h"

namespace doorstep::visits {

// Folds the events of one visit into its current state: for each carer who attended or tried to,
// arrival, departure and records. Pure, and the only place that interprets amendments: the phone's
// screens, the board and the council's record all use it, so they cannot disagree.
//
// The result depends only on the set of events, not on their order of arrival; duplicates count
// once. Events of one device are ordered by event number; those of a carer's several devices by
// wall clock (a corrected time where there is one), then device id.
//
// Rules: the first check-in and the last check-out count. The newest record of a task counts. An
// amendment replaces the event that it names (same device, same visit); the newest amendment of an
// event wins, and amendments can be amended or withdrawn. A replacement of the wrong type (a time
// for a task) has no effect. A fact or replacement of a kind unknown to this release has no effect
// either and is counted: screens then say that something was recorded with a newer app.

// An event with its device, carer and boot.
struct RecordedEvent {
  DeviceId device;
  CarerId carer;
  std::uint32_t boot = 0;
  Event event;
  bool operator==(const RecordedEvent&) const = default;
};

// A check-in, check-out or no-entry that counts. timing::trustedTime converts its clocks to an
// interval.
struct Moment {
  DeviceId device;
  std::uint64_t eventNumber = 0;
  std::uint32_t boot = 0;
  std::uint64_t bootMs = 0;
  std::int64_t wallUnixMs = 0;                  // device clock when tapped
  std::optional<std::int64_t> correctedUnixMs;  // entered later by the carer
  std::optional<PlaceEvidence> place;
  NoEntryReason noEntryReason = NoEntryReason::Unspecified;  // for a no-entry

  std::int64_t statedUnixMs() const { return correctedUnixMs.value_or(wallUnixMs); }
  bool operator==(const Moment&) const = default;
};

struct TaskInForce {
  DeviceId device;
  std::uint64_t eventNumber = 0;
  std::int64_t wallUnixMs = 0;
  TaskRecorded record;
  bool operator==(const TaskInForce&) const = default;
};

struct NoteInForce {
  DeviceId device;
  std::uint64_t eventNumber = 0;
  std::int64_t wallUnixMs = 0;
  std::string text;
  bool operator==(const NoteInForce&) const = default;
};

// One carer at one visit.
struct Attendance {
  CarerId carer;
  std::optional<Moment> checkIn;
  std::optional<Moment> checkOut;
  std::optional<Moment> noEntry;
  std::map<std::uint32_t, TaskInForce> tasks;  // by task number
  std::vector<NoteInForce> notes;              // by device and event number
  std::uint32_t announcedDelayMin = 0;         // the newest announcement; 0: none
  std::uint32_t events = 0;                    // recorded, superseded ones included
  bool amended = false;                        // an event was corrected or withdrawn
  std::uint32_t newerAppEvents = 0;            // in force, of a kind unknown to this release
  bool operator==(const Attendance&) const = default;
};

// Fold over the events of one visit. Folding is lazy: apply() only collects, and a carer's events
// are folded at the next read, so that any number of events between two reads costs one fold.
// Thread: its owner's, for const functions too.
class VisitFold {
 public:
  // The event must be of this visit. False: already known; nothing changed.
  bool apply(const RecordedEvent& event);

  // By carer id, for every carer with at least one event.
  const std::map<CarerId, Attendance>& attendances() const;
  // Null when the carer recorded nothing.
  const Attendance* attendanceOf(CarerId carer) const;
  std::size_t eventCount() const { return events_.size(); }

 private:
  using Key = std::pair<DeviceId, std::uint64_t>;
  void foldDue() const;
  Attendance fold(CarerId carer) const;

  std::map<Key, RecordedEvent> events_;
  mutable std::map<CarerId, Attendance> attendances_;  // current except for carers in due_
  mutable std::set<CarerId> due_;                      // carers with unfolded events
};

// Folds all events at once.
std::map<CarerId, Attendance> foldVisit(std::span<const RecordedEvent> events);

}  // namespace doorstep::visits
