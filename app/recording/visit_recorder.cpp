// SPDX-License-Identifier: Apache-2.0
#include "app/recording/visit_recorder.h"

#include <cmath>

#include "app/recording/distance.h"
#include "shared/core/display_text.h"
#include "shared/visits/limits.h"

namespace doorstep::recording {
namespace {

Error refuse(const char* reason, const char* text) {
  return {ErrorCode::InvalidArgument, reason, text};
}

Error alreadyRecorded(const char* text) {
  return {ErrorCode::FailedPrecondition, "ALREADY_RECORDED", text};
}

Status checkNote(const std::string& text) {
  if (text.empty())
    return refuse("NOTE_EMPTY", "a note says something");
  if (text.size() > visits::kNoteBytesMax)
    return refuse("NOTE_TOO_LONG", "a note has at most 2,000 bytes");
  if (!isUtf8(text))
    return refuse("NOTE_NOT_UTF8", "a note is UTF-8");
  return kDone;
}

Status checkTask(const visits::TaskRecorded& task) {
  using visits::NotDoneReason;
  using visits::TaskOutcome;
  if (task.taskNumber < 1 || task.taskNumber > visits::kTaskNumberMax)
    return refuse("TASK_INVALID", "task number");
  if (task.outcome == TaskOutcome::Unspecified)
    return refuse("TASK_INVALID", "outcome");
  const bool needsReason = task.outcome != TaskOutcome::Done;
  if (needsReason && task.reason == NotDoneReason::Unspecified)
    return refuse("REASON_MISSING", "what was not done has a reason");
  if (!needsReason && task.reason != NotDoneReason::Unspecified)
    return refuse("TASK_INVALID", "what was done has no reason");
  return kDone;
}

}  // namespace

VisitRecorder::VisitRecorder(journal::Journal& journal, const roster::RosterStore& roster,
                             projections::VisitRecords& records, platform::Platform& platform)
    : journal_(journal),
      roster_(roster),
      plan_(journal, roster),
      records_(records),
      platform_(platform) {}

Result<std::uint64_t> VisitRecorder::record(const Intent& intent) {
  const VisitId visit = std::visit([](const auto& any) { return any.visit; }, intent);
  if (!visit)
    return refuse("VISIT_MISSING", "a fact is about a visit");
  DOORSTEP_ASSIGN(auto fact, std::visit([this](const auto& any) { return factOf(any); }, intent));
  const auto plan = planToKeep(visit);
  DOORSTEP_ASSIGN(const auto recorded,
                  journal_.append(visit, std::move(fact), plan ? &*plan : nullptr));
  records_.apply(recorded);
  return recorded.event.number;
}

// With the first fact about a visit, and when its plan has changed since.
std::optional<journal::KeptPlan> VisitRecorder::planToKeep(VisitId visit) const {
  auto planned = roster_.lastEncoded(visit);
  if (!planned)
    return std::nullopt;
  return journal_.newerPlan(visit, {std::move(planned->visit), std::move(planned->person)});
}

Result<visits::Fact> VisitRecorder::factOf(const CheckIn& intent) const {
  const auto* attendance = records_.attendance(intent.visit);
  if (attendance != nullptr && attendance->checkIn)
    return alreadyRecorded("checked in");
  return visits::Fact(visits::CheckedIn{placeAt(intent.visit, intent.shown)});
}

Result<visits::Fact> VisitRecorder::factOf(const CheckOut& intent) const {
  const auto* attendance = records_.attendance(intent.visit);
  if (attendance != nullptr && attendance->checkOut)
    return alreadyRecorded("checked out");
  return visits::Fact(visits::CheckedOut{placeAt(intent.visit, intent.shown)});
}

Result<visits::Fact> VisitRecorder::factOf(const RecordTask& intent) const {
  DOORSTEP_TRY(checkTask(intent.task));
  return visits::Fact(intent.task);
}

Result<visits::Fact> VisitRecorder::factOf(const AddNote& intent) const {
  DOORSTEP_TRY(checkNote(intent.text));
  return visits::Fact(visits::NoteAdded{intent.text});
}

Result<visits::Fact> VisitRecorder::factOf(const ReportNoEntry& intent) const {
  if (intent.reason == visits::NoEntryReason::Unspecified)
    return refuse("REASON_MISSING", "why there was no entry");
  const auto* attendance = records_.attendance(intent.visit);
  if (attendance != nullptr && attendance->noEntry)
    return alreadyRecorded("no entry");
  return visits::Fact(visits::NoEntry{intent.reason, placeAt(intent.visit, std::nullopt)});
}

Result<visits::Fact> VisitRecorder::factOf(const AnnounceDelay& intent) const {
  if (intent.expectedDelayMin < 1 || intent.expectedDelayMin > visits::kRunningLateMinMax)
    return refuse("DELAY_INVALID", "1 to 600 minutes");
  return visits::Fact(visits::RunningLate{intent.expectedDelayMin});
}

Result<visits::Fact> VisitRecorder::factOf(const Amend& intent) const {
  const visits::Amended& amended = intent.amended;
  if (amended.eventNumber < 1 || amended.eventNumber > journal_.lastEvent())
    return refuse("AMENDS_NOTHING", "no such event on this phone");
  if (amended.reason == visits::AmendReason::Unspecified)
    return refuse("REASON_MISSING", "why it is amended");
  if (const auto* task = std::get_if<visits::TaskRecorded>(&amended.replacement))
    DOORSTEP_TRY(checkTask(*task));
  if (const auto* note = std::get_if<visits::NoteAdded>(&amended.replacement))
    DOORSTEP_TRY(checkNote(note->text));
  return visits::Fact(amended);
}

visits::PlaceEvidence VisitRecorder::placeAt(VisitId visit,
                                             std::optional<visits::PlaceMethod> shown) const {
  visits::PlaceEvidence place;
  const auto fix = platform_.fixes.newestFix();
  place.method = shown.value_or(fix ? visits::PlaceMethod::Position : visits::PlaceMethod::Manual);
  if (!fix)
    return place;
  place.accuracyM = fix->accuracyM;
  const std::uint64_t now = platform_.clock.bootMs();
  place.fixAgeS =
      static_cast<std::uint32_t>(now > fix->takenBootMs ? (now - fix->takenBootMs) / 1000 : 0);
  const visits::Person* person = plan_.personOf(visit);
  if (person == nullptr || !person->latitudeDeg || !person->longitudeDeg)
    return place;
  const double distance =
      distanceM(fix->latitudeDeg, fix->longitudeDeg, *person->latitudeDeg, *person->longitudeDeg);
  if (std::isfinite(distance))  // positions from receiver or plan may be invalid
    place.distanceM = static_cast<std::uint32_t>(std::lround(distance));
  return place;
}

}  // namespace doorstep::recording
