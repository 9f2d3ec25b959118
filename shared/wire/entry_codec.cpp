// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/entry_codec.h"

#include <google/protobuf/arena.h>

#include <limits>

#include "doorstep/visit/v1/entry.pb.h"
#include "doorstep/visit/v1/event.pb.h"
#include "shared/core/time_range.h"
#include "shared/visits/limits.h"

namespace doorstep::wire {
namespace {

namespace pb = doorstep::visit::v1;

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kRootPrefixBytes = 16;

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

template <typename Message>
void writePlace(const std::optional<visits::PlaceEvidence>& place, Message* message) {
  if (!place)
    return;
  pb::PlaceEvidence* to = message->mutable_place();
  to->set_method(static_cast<pb::PlaceMethod>(place->method));
  if (place->distanceM)
    to->set_distance_m(*place->distanceM);
  if (place->accuracyM)
    to->set_accuracy_m(*place->accuracyM);
  if (place->fixAgeS)
    to->set_fix_age_s(*place->fixAgeS);
}

void writeTask(const visits::TaskRecorded& task, pb::TaskRecorded* to) {
  to->set_task_number(task.taskNumber);
  to->set_outcome(static_cast<pb::TaskOutcome>(task.outcome));
  to->set_reason(static_cast<pb::NotDoneReason>(task.reason));
  to->set_independence(static_cast<pb::Independence>(task.independence));
}

// Fields that this release does not know, as they were received.
template <typename Message>
std::string unknownFieldsOf(const Message& message) {
  std::string bytes;
  DOORSTEP_CHECK(message.GetReflection()->GetUnknownFields(message).SerializeToString(&bytes));
  return bytes;
}

// They came out of a message that was parsed, so they can be parsed again.
template <typename Message>
void mergeUnknown(const std::string& bytes, Message* to) {
  DOORSTEP_CHECK(to->MergeFromString(bytes));
}

void writeAmended(const visits::Amended& amended, pb::Amended* to) {
  to->set_event_number(amended.eventNumber);
  to->set_reason(static_cast<pb::AmendReason>(amended.reason));
  std::visit(
      Overloaded{
          [](const visits::Withdrawn&) {},
          [to](const visits::CorrectedTime& time) { to->set_corrected_time_unix_ms(time.unixMs); },
          [to](const visits::TaskRecorded& task) { writeTask(task, to->mutable_task_recorded()); },
          [to](const visits::NoteAdded& note) { to->mutable_note_added()->set_text(note.text); },
          [to](const visits::UnknownReplacement& unknown) { mergeUnknown(unknown.bytes, to); },
      },
      amended.replacement);
}

void writeFact(const visits::Fact& fact, pb::Event* event) {
  std::visit(
      Overloaded{
          [event](const visits::CheckedIn& in) {
            writePlace(in.place, event->mutable_checked_in());
          },
          [event](const visits::CheckedOut& out) {
            writePlace(out.place, event->mutable_checked_out());
          },
          [event](const visits::TaskRecorded& task) {
            writeTask(task, event->mutable_task_recorded());
          },
          [event](const visits::NoteAdded& note) {
            event->mutable_note_added()->set_text(note.text);
          },
          [event](const visits::NoEntry& none) {
            event->mutable_no_entry()->set_reason(static_cast<pb::NoEntryReason>(none.reason));
            writePlace(none.place, event->mutable_no_entry());
          },
          [event](const visits::RunningLate& late) {
            event->mutable_running_late()->set_expected_delay_min(late.expectedDelayMin);
          },
          [event](const visits::Amended& amended) {
            writeAmended(amended, event->mutable_amended());
          },
          [event](const visits::UnknownFact& unknown) { mergeUnknown(unknown.bytes, event); },
      },
      fact);
}

// Notes the first field that is outside its limits; the entry keeps its place all the same.
class Limits {
 public:
  void require(bool within, const char* what) {
    if (!within && broken_.empty())
      broken_ = what;
  }
  const std::string& broken() const { return broken_; }

 private:
  std::string broken_;
};

template <typename Enum, typename Wire>
Enum readEnum(Wire value, int last, const char* what, Limits& limits) {
  limits.require(value >= 1 && value <= last, what);
  return static_cast<Enum>(value);
}

template <typename Enum, typename Wire>
Enum readOptionalEnum(Wire value, int last, const char* what, Limits& limits) {
  limits.require(value >= 0 && value <= last, what);
  return static_cast<Enum>(value);
}

template <typename Message>
std::optional<visits::PlaceEvidence> readPlace(const Message& message, Limits& limits) {
  if (!message.has_place())
    return std::nullopt;
  const pb::PlaceEvidence& from = message.place();
  visits::PlaceEvidence place;
  place.method = readEnum<visits::PlaceMethod>(from.method(), 4, "place.method", limits);
  if (from.has_distance_m()) {
    place.distanceM = from.distance_m();
    limits.require(from.distance_m() <= visits::kDistanceMMax, "place.distance_m");
  }
  if (from.has_accuracy_m())
    place.accuracyM = from.accuracy_m();
  if (from.has_fix_age_s())
    place.fixAgeS = from.fix_age_s();
  return place;
}

visits::TaskRecorded readTask(const pb::TaskRecorded& from, Limits& limits) {
  visits::TaskRecorded task;
  task.taskNumber = from.task_number();
  limits.require(task.taskNumber >= 1 && task.taskNumber <= visits::kTaskNumberMax, "task_number");
  task.outcome = readEnum<visits::TaskOutcome>(from.outcome(), 3, "outcome", limits);
  task.reason = readOptionalEnum<visits::NotDoneReason>(from.reason(), 11, "reason", limits);
  task.independence =
      readOptionalEnum<visits::Independence>(from.independence(), 4, "independence", limits);
  limits.require((task.outcome == visits::TaskOutcome::Done) ==
                     (task.reason == visits::NotDoneReason::Unspecified),
                 "reason: set when and only when the task was not all done");
  return task;
}

visits::NoteAdded readNote(const pb::NoteAdded& from, Limits& limits) {
  limits.require(!from.text().empty() && from.text().size() <= visits::kNoteBytesMax, "note text");
  return {from.text()};
}

visits::Amended readAmended(const pb::Amended& from, std::uint64_t number, Limits& limits) {
  visits::Amended amended;
  amended.eventNumber = from.event_number();
  limits.require(amended.eventNumber >= 1 && amended.eventNumber < number, "amended event_number");
  amended.reason = readEnum<visits::AmendReason>(from.reason(), 4, "amend reason", limits);
  switch (from.replacement_case()) {
    case pb::Amended::kCorrectedTimeUnixMs:
      amended.replacement = visits::CorrectedTime{from.corrected_time_unix_ms()};
      limits.require(from.corrected_time_unix_ms() >= visits::kCorrectedUnixMsMin &&
                         from.corrected_time_unix_ms() <= kUnixMsMax,
                     "corrected_time_unix_ms");
      break;
    case pb::Amended::kTaskRecorded:
      amended.replacement = readTask(from.task_recorded(), limits);
      break;
    case pb::Amended::kNoteAdded:
      amended.replacement = readNote(from.note_added(), limits);
      break;
    case pb::Amended::REPLACEMENT_NOT_SET:
      // A replacement of a later release leaves its field behind; a withdrawal leaves none.
      if (std::string unknown = unknownFieldsOf(from); !unknown.empty())
        amended.replacement = visits::UnknownReplacement{std::move(unknown)};
      else
        amended.replacement = visits::Withdrawn{};
      break;
  }
  return amended;
}

visits::Fact readFact(const pb::Event& from, std::uint64_t number, Limits& limits) {
  switch (from.fact_case()) {
    case pb::Event::kCheckedIn:
      return visits::CheckedIn{readPlace(from.checked_in(), limits)};
    case pb::Event::kCheckedOut:
      return visits::CheckedOut{readPlace(from.checked_out(), limits)};
    case pb::Event::kTaskRecorded:
      return readTask(from.task_recorded(), limits);
    case pb::Event::kNoteAdded:
      return readNote(from.note_added(), limits);
    case pb::Event::kNoEntry:
      return visits::NoEntry{
          readEnum<visits::NoEntryReason>(from.no_entry().reason(), 3, "no_entry reason", limits),
          readPlace(from.no_entry(), limits)};
    case pb::Event::kRunningLate: {
      const std::uint32_t delay = from.running_late().expected_delay_min();
      limits.require(delay >= 1 && delay <= visits::kRunningLateMinMax, "expected_delay_min");
      return visits::RunningLate{delay};
    }
    case pb::Event::kAmended:
      return readAmended(from.amended(), number, limits);
    case pb::Event::FACT_NOT_SET:
      break;
  }
  return visits::UnknownFact{unknownFieldsOf(from)};
}

Error malformed(const char* text) { return {ErrorCode::InvalidArgument, "MALFORMED", text}; }

// False when the sum would leave the range.
bool addDelta(std::uint64_t& sum, std::uint64_t delta) {
  return !__builtin_add_overflow(sum, delta, &sum);
}

Result<DecodedEntry> readHeader(const pb::Entry& from) {
  DecodedEntry decoded;
  visits::Entry& entry = decoded.entry;
  entry.n = from.n();
  if (entry.n == 0)
    return malformed("n is missing");
  if (!from.previous_hash().empty()) {
    const auto hash = hashFromBytes(from.previous_hash());
    if (!hash)
      return malformed("previous_hash has not 32 bytes");
    entry.previousHash = *hash;
  }
  if ((entry.n == 1) == entry.previousHash.has_value())
    return malformed("previous_hash belongs to every entry but the first");
  if (from.salt().size() != kSaltBytes)
    return malformed("salt has not 16 bytes");
  if (from.checkpoint_root_prefix().size() != (from.checkpoint_size() == 0 ? 0 : kRootPrefixBytes))
    return malformed("checkpoint_root_prefix does not fit checkpoint_size");
  if (from.events_size() == 0 ||
      static_cast<std::size_t>(from.events_size()) > visits::kEventsPerEntryMax)
    return malformed("an entry has 1 to 256 events");
  if (from.first_event_number() == 0 ||
      from.first_event_number() >
          std::numeric_limits<std::uint64_t>::max() - visits::kEventsPerEntryMax)
    return malformed("first_event_number is missing or too large");
  entry.salt = from.salt();
  entry.checkpointSize = from.checkpoint_size();
  entry.checkpointRootPrefix = from.checkpoint_root_prefix();
  entry.planVersion = from.plan_version();
  entry.carer = CarerId(from.carer_id());
  entry.boot = from.boot();
  return decoded;
}

struct Deltas {
  std::int64_t bootMs = 0;
  std::int64_t wallStepMs = 0;
};

// None when the monotonic clock ran back or a difference leaves 64 bits.
std::optional<Deltas> deltasOf(const visits::Event& before, const visits::Event& next) {
  Deltas deltas;
  std::int64_t wallMs = 0;
  if (next.bootMs < before.bootMs ||
      __builtin_sub_overflow(next.bootMs, before.bootMs, &deltas.bootMs) ||
      __builtin_sub_overflow(next.wallUnixMs, before.wallUnixMs, &wallMs) ||
      __builtin_sub_overflow(wallMs, deltas.bootMs, &deltas.wallStepMs))
    return std::nullopt;
  return deltas;
}

}  // namespace

bool followsInEntry(const visits::Event& before, const visits::Event& next) {
  return next.number == before.number + 1 && deltasOf(before, next).has_value();
}

std::string encodeEntry(const visits::Entry& entry) {
  DOORSTEP_CHECK(!entry.events.empty());
  google::protobuf::Arena arena;
  auto& to = *google::protobuf::Arena::CreateMessage<pb::Entry>(&arena);
  to.set_n(entry.n);
  if (entry.previousHash)
    to.set_previous_hash(std::string(entry.previousHash->view()));
  to.set_salt(entry.salt);
  to.set_checkpoint_size(entry.checkpointSize);
  to.set_checkpoint_root_prefix(entry.checkpointRootPrefix);
  to.set_plan_version(entry.planVersion);
  to.set_first_event_number(entry.events.front().number);
  to.set_carer_id(entry.carer.value);
  to.set_boot(entry.boot);
  to.set_boot_ms(entry.events.front().bootMs);
  to.set_wall_unix_ms(entry.events.front().wallUnixMs);
  const visits::Event* before = nullptr;
  for (const visits::Event& event : entry.events) {
    pb::Event* added = to.add_events();
    if (before == nullptr || event.visit != before->visit)
      added->set_visit_id(event.visit.value);
    if (before != nullptr) {
      DOORSTEP_CHECK(event.number == before->number + 1);
      const auto deltas = deltasOf(*before, event);
      DOORSTEP_CHECK(deltas.has_value());
      added->set_boot_delta_ms(static_cast<std::uint64_t>(deltas->bootMs));
      added->set_wall_step_ms(deltas->wallStepMs);
    }
    writeFact(event.fact, added);
    before = &event;
  }
  std::string bytes;
  DOORSTEP_CHECK(to.SerializeToString(&bytes));
  return bytes;
}

Result<DecodedEntry> decodeEntry(std::string_view bytes) {
  if (bytes.size() > visits::kEntryBytesMax)
    return malformed("an entry has at most 64 KiB");
  google::protobuf::Arena arena;
  auto& from = *google::protobuf::Arena::CreateMessage<pb::Entry>(&arena);
  if (!from.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return malformed("the bytes are no Entry");
  DOORSTEP_ASSIGN(DecodedEntry decoded, readHeader(from));
  visits::Entry& entry = decoded.entry;
  Limits limits;
  VisitId visit;
  std::uint64_t bootMs = from.boot_ms();
  std::int64_t wallUnixMs = from.wall_unix_ms();
  std::uint64_t number = from.first_event_number();
  entry.events.reserve(static_cast<std::size_t>(from.events_size()));
  for (const pb::Event& event : from.events()) {
    if (event.visit_id() != 0)
      visit = VisitId(event.visit_id());
    if (!visit)
      return malformed("the first event names no visit");
    std::int64_t step = 0;
    if (!addDelta(bootMs, event.boot_delta_ms()) ||
        event.boot_delta_ms() > std::numeric_limits<std::int64_t>::max() ||
        __builtin_add_overflow(static_cast<std::int64_t>(event.boot_delta_ms()),
                               event.wall_step_ms(), &step) ||
        __builtin_add_overflow(wallUnixMs, step, &wallUnixMs))
      return malformed("the times of an event leave the range");
    visits::Event& added = entry.events.emplace_back();
    added.number = number++;
    added.visit = visit;
    added.bootMs = bootMs;
    added.wallUnixMs = wallUnixMs;
    limits.require(bootMs <= visits::kBootMsMax, "boot_ms");
    limits.require(isPlausibleUnixMs(wallUnixMs), "wall_unix_ms");
    added.fact = readFact(event, added.number, limits);
  }
  decoded.limits = limits.broken();
  return decoded;
}

}  // namespace doorstep::wire
