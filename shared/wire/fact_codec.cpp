// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/fact_codec.h"

#include <array>
#include <optional>
#include <type_traits>
#include <variant>

#include "doorstep/visit/v1/event.pb.h"
#include "shared/core/time_range.h"
#include "shared/visits/limits.h"

namespace doorstep::wire {
namespace {

namespace pb = doorstep::visit::v1;

// Input of a reader besides the message.
struct Reading {
  std::uint64_t number = 0;  // of the event
  FieldLimits& limits;
};

// Enumerators have the numbers of the wire format; isValid is the generated check.
template <typename Enum, typename Wire>
Enum readEnum(Wire value, bool (*isValid)(int), const char* what, Reading& reading) {
  reading.limits.require(value != 0 && isValid(value), what);
  return static_cast<Enum>(value);
}
template <typename Enum, typename Wire>
Enum readOptionalEnum(Wire value, bool (*isValid)(int), const char* what, Reading& reading) {
  reading.limits.require(isValid(value), what);
  return static_cast<Enum>(value);
}

// --- place ---

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

template <typename Message>
std::optional<visits::PlaceEvidence> readPlace(const Message& message, Reading& reading) {
  if (!message.has_place())
    return std::nullopt;
  const pb::PlaceEvidence& from = message.place();
  visits::PlaceEvidence place;
  place.method = readEnum<visits::PlaceMethod>(from.method(), pb::PlaceMethod_IsValid,
                                               "place.method", reading);
  if (from.has_distance_m()) {
    place.distanceM = from.distance_m();
    reading.limits.require(from.distance_m() <= visits::kDistanceMMax, "place.distance_m");
  }
  if (from.has_accuracy_m()) {
    place.accuracyM = from.accuracy_m();
    reading.limits.require(from.accuracy_m() <= visits::kAccuracyMMax, "place.accuracy_m");
  }
  if (from.has_fix_age_s()) {
    place.fixAgeS = from.fix_age_s();
    reading.limits.require(from.fix_age_s() <= visits::kFixAgeSMax, "place.fix_age_s");
  }
  return place;
}

// --- one writer and one reader per kind ---

void write(const visits::CheckedIn& in, pb::Fact& to) {
  writePlace(in.place, to.mutable_checked_in());
}
visits::Fact readCheckedIn(const pb::Fact& from, Reading& reading) {
  return visits::CheckedIn{readPlace(from.checked_in(), reading)};
}

void write(const visits::CheckedOut& out, pb::Fact& to) {
  writePlace(out.place, to.mutable_checked_out());
}
visits::Fact readCheckedOut(const pb::Fact& from, Reading& reading) {
  return visits::CheckedOut{readPlace(from.checked_out(), reading)};
}

void writeTask(const visits::TaskRecorded& task, pb::TaskRecorded* to) {
  to->set_task_number(task.taskNumber);
  to->set_outcome(static_cast<pb::TaskOutcome>(task.outcome));
  to->set_reason(static_cast<pb::NotDoneReason>(task.reason));
  to->set_independence(static_cast<pb::Independence>(task.independence));
}
void write(const visits::TaskRecorded& task, pb::Fact& to) {
  writeTask(task, to.mutable_task_recorded());
}
visits::TaskRecorded readTask(const pb::TaskRecorded& from, Reading& reading) {
  visits::TaskRecorded task;
  task.taskNumber = from.task_number();
  reading.limits.require(task.taskNumber >= 1 && task.taskNumber <= visits::kTaskNumberMax,
                         "task_number");
  task.outcome =
      readEnum<visits::TaskOutcome>(from.outcome(), pb::TaskOutcome_IsValid, "outcome", reading);
  task.reason = readOptionalEnum<visits::NotDoneReason>(from.reason(), pb::NotDoneReason_IsValid,
                                                        "reason", reading);
  task.independence = readOptionalEnum<visits::Independence>(
      from.independence(), pb::Independence_IsValid, "independence", reading);
  reading.limits.require((task.outcome == visits::TaskOutcome::Done) ==
                             (task.reason == visits::NotDoneReason::Unspecified),
                         "reason: set when and only when the task was not all done");
  return task;
}
visits::Fact readTaskRecorded(const pb::Fact& from, Reading& reading) {
  return readTask(from.task_recorded(), reading);
}

void write(const visits::NoteAdded& note, pb::Fact& to) {
  to.mutable_note_added()->set_text(note.text);
}
visits::NoteAdded readNote(const pb::NoteAdded& from, Reading& reading) {
  reading.limits.require(!from.text().empty() && from.text().size() <= visits::kNoteBytesMax,
                         "note text");
  return {from.text()};
}
visits::Fact readNoteAdded(const pb::Fact& from, Reading& reading) {
  return readNote(from.note_added(), reading);
}

void write(const visits::NoEntry& none, pb::Fact& to) {
  to.mutable_no_entry()->set_reason(static_cast<pb::NoEntryReason>(none.reason));
  writePlace(none.place, to.mutable_no_entry());
}
visits::Fact readNoEntry(const pb::Fact& from, Reading& reading) {
  visits::NoEntry none;
  none.reason = readEnum<visits::NoEntryReason>(from.no_entry().reason(), pb::NoEntryReason_IsValid,
                                                "no-entry reason", reading);
  none.place = readPlace(from.no_entry(), reading);
  return none;
}

void write(const visits::RunningLate& late, pb::Fact& to) {
  to.mutable_running_late()->set_expected_delay_min(late.expectedDelayMin);
}
visits::Fact readRunningLate(const pb::Fact& from, Reading& reading) {
  const std::uint32_t delay = from.running_late().expected_delay_min();
  reading.limits.require(delay >= 1 && delay <= visits::kRunningLateMinMax, "expected_delay_min");
  return visits::RunningLate{delay};
}

// Fields unknown to this release, as received.
template <typename Message>
std::string unknownFieldsOf(const Message& message) {
  std::string bytes;
  DOORSTEP_CHECK(message.GetReflection()->GetUnknownFields(message).SerializeToString(&bytes));
  return bytes;
}

void writeReplacement(const visits::Withdrawn&, pb::Amended& to) { to.mutable_withdrawn(); }
void writeReplacement(const visits::CorrectedTime& time, pb::Amended& to) {
  to.set_corrected_time_unix_ms(time.unixMs);
}
void writeReplacement(const visits::TaskRecorded& task, pb::Amended& to) {
  writeTask(task, to.mutable_task_recorded());
}
void writeReplacement(const visits::NoteAdded& note, pb::Amended& to) {
  to.mutable_note_added()->set_text(note.text);
}
// Taken from a parsed message, so it can be parsed again.
void writeReplacement(const visits::UnknownReplacement& unknown, pb::Amended& to) {
  DOORSTEP_CHECK(to.MergeFromString(unknown.bytes));
}

void write(const visits::Amended& amended, pb::Fact& to) {
  to.mutable_amended()->set_event_number(amended.eventNumber);
  to.mutable_amended()->set_reason(static_cast<pb::AmendReason>(amended.reason));
  std::visit([&](const auto& one) { writeReplacement(one, *to.mutable_amended()); },
             amended.replacement);
}
visits::Fact readAmended(const pb::Fact& fact, Reading& reading) {
  const pb::Amended& from = fact.amended();
  visits::Amended amended;
  amended.eventNumber = from.event_number();
  reading.limits.require(amended.eventNumber >= 1 && amended.eventNumber < reading.number,
                         "amended event_number");
  amended.reason = readEnum<visits::AmendReason>(from.reason(), pb::AmendReason_IsValid,
                                                 "amend reason", reading);
  switch (from.replacement_case()) {
    case pb::Amended::kCorrectedTimeUnixMs:
      amended.replacement = visits::CorrectedTime{from.corrected_time_unix_ms()};
      reading.limits.require(from.corrected_time_unix_ms() >= visits::kCorrectedUnixMsMin &&
                                 from.corrected_time_unix_ms() <= kUnixMsMax,
                             "corrected_time_unix_ms");
      break;
    case pb::Amended::kTaskRecorded:
      amended.replacement = readTask(from.task_recorded(), reading);
      break;
    case pb::Amended::kNoteAdded:
      amended.replacement = readNote(from.note_added(), reading);
      break;
    case pb::Amended::kWithdrawn:
      amended.replacement = visits::Withdrawn{};
      break;
    case pb::Amended::REPLACEMENT_NOT_SET:
      // A replacement of a later release is left as unknown fields.
      amended.replacement = visits::UnknownReplacement{unknownFieldsOf(from)};
      reading.limits.require(
          !std::get<visits::UnknownReplacement>(amended.replacement).bytes.empty(),
          "replacement: an amendment says what takes the event's place");
      break;
  }
  return amended;
}

struct Kind {
  pb::Fact::KindCase kind;
  visits::Fact (*read)(const pb::Fact&, Reading&);
};
constexpr std::array kKinds{
    Kind{pb::Fact::kCheckedIn, readCheckedIn},       Kind{pb::Fact::kCheckedOut, readCheckedOut},
    Kind{pb::Fact::kTaskRecorded, readTaskRecorded}, Kind{pb::Fact::kNoteAdded, readNoteAdded},
    Kind{pb::Fact::kNoEntry, readNoEntry},           Kind{pb::Fact::kRunningLate, readRunningLate},
    Kind{pb::Fact::kAmended, readAmended},
};

}  // namespace

std::string encodeFact(const visits::Fact& fact) {
  return std::visit(
      [](const auto& one) -> std::string {
        using Kind = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<Kind, visits::UnknownFact>) {
          return one.bytes;
        } else if constexpr (std::is_same_v<Kind, visits::SealedFact>) {
          DOORSTEP_CHECK(false);
          return {};
        } else {
          pb::Fact message;
          write(one, message);
          return message.SerializeAsString();
        }
      },
      fact);
}

visits::Fact decodeFact(std::string_view bytes, std::uint64_t number, FieldLimits& limits) {
  pb::Fact message;
  const bool parsed = message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  limits.require(parsed && !bytes.empty(), "fact: the bytes say nothing");
  Reading reading{number, limits};
  for (const Kind& kind : kKinds) {
    if (parsed && message.kind_case() == kind.kind)
      return kind.read(message, reading);
  }
  return visits::UnknownFact{std::string(bytes)};
}

visits::Fact decodeFact(visits::SubjectKind kind, std::string_view bytes, std::uint64_t number,
                        FieldLimits& limits) {
  if (kind == visits::SubjectKind::Office)
    return visits::UnknownFact{std::string(bytes)};
  return decodeFact(bytes, number, limits);
}

std::vector<std::uint32_t> knownFactKinds() {
  std::vector<std::uint32_t> numbers;
  for (const Kind& kind : kKinds)
    numbers.push_back(static_cast<std::uint32_t>(kind.kind));
  return numbers;
}

}  // namespace doorstep::wire
