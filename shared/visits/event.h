// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/strong_id.h"

namespace doorstep::visits {

// Facts as domain types; shared/wire converts them to and from proto/doorstep/visit/v1, which
// documents the fields. Enumerators have the numbers of the wire format.

enum class PlaceMethod { Unspecified = 0, Manual = 1, Position = 2, NfcTag = 3, QrCode = 4 };
enum class TaskOutcome { Unspecified = 0, Done = 1, PartlyDone = 2, NotDone = 3 };
enum class NotDoneReason {
  Unspecified = 0,
  Refused = 1,
  Asleep = 2,
  Away = 3,
  NotNeededToday = 4,
  DoneByOthers = 5,
  NoTime = 6,
  NoSupplies = 7,
  Unsafe = 8,
  EquipmentFault = 9,
  NotTrained = 10,
  Other = 11,
};
enum class Independence {
  Unspecified = 0,
  SelfManaged = 1,
  Prompted = 2,
  Assisted = 3,
  FullySupported = 4
};
enum class NoEntryReason { Unspecified = 0, NoReply = 1, RefusedAtDoor = 2, Unsafe = 3 };
enum class AmendReason {
  Unspecified = 0,
  WrongTap = 1,
  ForgotToRecord = 2,
  WrongVisit = 3,
  Other = 4
};

struct PlaceEvidence {
  PlaceMethod method = PlaceMethod::Unspecified;
  std::optional<std::uint32_t> distanceM;
  std::optional<std::uint32_t> accuracyM;
  std::optional<std::uint32_t> fixAgeS;
  bool operator==(const PlaceEvidence&) const = default;
};

struct CheckedIn {
  std::optional<PlaceEvidence> place;
  bool operator==(const CheckedIn&) const = default;
};
struct CheckedOut {
  std::optional<PlaceEvidence> place;
  bool operator==(const CheckedOut&) const = default;
};
struct TaskRecorded {
  std::uint32_t taskNumber = 0;
  TaskOutcome outcome = TaskOutcome::Unspecified;
  NotDoneReason reason = NotDoneReason::Unspecified;
  Independence independence = Independence::Unspecified;
  bool operator==(const TaskRecorded&) const = default;
};
struct NoteAdded {
  std::string text;
  bool operator==(const NoteAdded&) const = default;
};
struct NoEntry {
  NoEntryReason reason = NoEntryReason::Unspecified;
  std::optional<PlaceEvidence> place;
  bool operator==(const NoEntry&) const = default;
};
struct RunningLate {
  std::uint32_t expectedDelayMin = 0;
  bool operator==(const RunningLate&) const = default;
};
struct CorrectedTime {
  std::int64_t unixMs = 0;
  bool operator==(const CorrectedTime&) const = default;
};
struct Withdrawn {
  bool operator==(const Withdrawn&) const = default;
};
// A replacement of a kind unknown to this release: `bytes` are its fields as received. It is not a
// withdrawal.
struct UnknownReplacement {
  std::string bytes;
  bool operator==(const UnknownReplacement&) const = default;
};
struct Amended {
  std::uint64_t eventNumber = 0;
  AmendReason reason = AmendReason::Unspecified;
  std::variant<Withdrawn, CorrectedTime, TaskRecorded, NoteAdded, UnknownReplacement> replacement;
  bool operator==(const Amended&) const = default;
};
// A kind unknown to this release: `bytes` are the encoded Fact as received. It is kept, counted,
// passed on and shown as "recorded with a newer app".
struct UnknownFact {
  std::string bytes;
  bool operator==(const UnknownFact&) const = default;
};
// Readable by the provider only: the event hash, and salt and event sealed to the provider's key.
// The event's number is known; subject and clocks are not.
struct SealedFact {
  Hash eventHash;
  std::string sealed;
  bool operator==(const SealedFact&) const = default;
};

using Fact = std::variant<CheckedIn, CheckedOut, TaskRecorded, NoteAdded, NoEntry, RunningLate,
                          Amended, UnknownFact, SealedFact>;

// The subject of an event; numbers of visit.v1.SubjectKind. Any other number is a later release's:
// the event is kept and not counted.
enum class SubjectKind { Visit = 0, Person = 1, Carer = 2, Office = 3 };

// A fact with its time and subject. Identity: (device, number).
struct Event {
  std::uint64_t number = 0;
  VisitId visit;  // absent for another subject and when sealed
  std::uint64_t bootMs = 0;
  std::int64_t wallUnixMs = 0;
  Fact fact;
  SubjectKind subjectKind = SubjectKind::Visit;
  std::uint64_t otherSubject = 0;  // id of a subject that is not a visit
  bool operator==(const Event&) const = default;
};

// The unit that is chained and signed, decoded; the encoded bytes are authoritative. All events
// have subjects of one kind.
struct Entry {
  std::uint64_t n = 0;
  std::optional<Hash> previousHash;  // absent for n = 1
  std::string salt;                  // 16 bytes
  std::uint64_t checkpointSize = 0;
  std::string checkpointRootPrefix;  // 16 bytes, empty when checkpointSize is 0
  std::uint64_t planVersion = 0;
  CarerId carer;  // absent: the carer that the device is enrolled for
  std::uint32_t boot = 0;
  std::vector<Event> events;
  bool operator==(const Entry&) const = default;
};

}  // namespace doorstep::visits
