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

// What the events about one visit come to: for each carer who was there or tried, when she came and
// went and what she recorded. Pure, and the only place that knows what an amendment does: the
// phone's screens, the board and the council's record all fold with it, so they cannot disagree.
//
// The result depends on the set of events alone, never on the order in which they came, and an
// event that comes twice counts once. Within a device the event number is the order; between
// devices of one carer the wall clock decides, then the device id.
//
// Rules: the first check-in and the last check-out count. The newest record of a task counts. An
// amendment takes the place of the event that it names (same device, same visit); the newest
// amendment of an event wins, and an amendment can itself be amended or withdrawn. A replacement
// that does not fit what it replaces (a time for a task) changes nothing. A fact or a replacement
// of a kind that this release does not know changes nothing either, and is counted: whoever shows
// the visit says that something of it was recorded with a newer app.

// An event with who recorded it where.
struct RecordedEvent {
  DeviceId device;
  CarerId carer;
  std::uint32_t boot = 0;
  Event event;
  bool operator==(const RecordedEvent&) const = default;
};

// A check-in, check-out or no-entry that counts. timing::trustedTime turns the clocks into an
// interval.
struct Moment {
  DeviceId device;
  std::uint64_t eventNumber = 0;
  std::uint32_t boot = 0;
  std::uint64_t bootMs = 0;
  std::int64_t wallUnixMs = 0;                  // device time when it was tapped
  std::optional<std::int64_t> correctedUnixMs;  // what the carer said later is right
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
  bool amended = false;                        // something of it was corrected or withdrawn
  std::uint32_t newerAppEvents = 0;            // in force and of a kind that is not known here
  bool operator==(const Attendance&) const = default;
};

// Fold over the events of one visit. Events are only collected when they come; a carer's are folded
// when somebody next asks, so that any number of events between two questions costs one fold.
// Thread: its owner's, for the questions too.
class VisitFold {
 public:
  // Events of another visit must not be given. False: it was known already, nothing changed.
  bool apply(const RecordedEvent& event);

  // By carer id; holds every carer with at least one event.
  const std::map<CarerId, Attendance>& attendances() const;
  // Nothing when the carer recorded nothing.
  const Attendance* attendanceOf(CarerId carer) const;
  std::size_t eventCount() const { return events_.size(); }

 private:
  using Key = std::pair<DeviceId, std::uint64_t>;
  void foldDue() const;
  Attendance fold(CarerId carer) const;

  std::map<Key, RecordedEvent> events_;
  mutable std::map<CarerId, Attendance> attendances_;  // of all carers but those of due_
  mutable std::set<CarerId> due_;                      // with events that are not folded yet
};

// The whole fold at once.
std::map<CarerId, Attendance> foldVisit(std::span<const RecordedEvent> events);

}  // namespace doorstep::visits
