// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/attendance/attendance_columns.h"

#include <algorithm>
#include <map>

#include "shared/visits/place_grade.h"

namespace doorstep::attendance {
namespace {

measures::Method methodOf(const std::optional<visits::PlaceEvidence>& place) {
  using measures::Method;
  if (!place)
    return Method::None;
  switch (place->method) {
    case visits::PlaceMethod::Manual:
      return Method::Manual;
    case visits::PlaceMethod::Position:
      return Method::Position;
    case visits::PlaceMethod::NfcTag:
      return Method::NfcTag;
    case visits::PlaceMethod::QrCode:
      return Method::QrCode;
    case visits::PlaceMethod::Unspecified:
      break;
  }
  return Method::None;  // also a method of a newer app, for which the measures have no word
}

struct Outcome {
  bool done = false;
  bool reasoned = false;
};

Outcome outcomeOf(std::uint32_t taskNumber, std::span<const AttendanceRecord> records) {
  Outcome outcome;
  for (const AttendanceRecord& record : records) {
    for (const TaskOutcomeRecord& task : record.tasks) {
      if (task.taskNumber != taskNumber)
        continue;
      const bool notDone = task.outcome == visits::TaskOutcome::NotDone;
      outcome.done = outcome.done || !notDone;
      outcome.reasoned =
          outcome.reasoned || (notDone && task.reason != visits::NotDoneReason::Unspecified);
    }
  }
  return outcome;
}

}  // namespace

measures::EndFacts endFacts(const std::optional<RecordedMoment>& moment) {
  measures::EndFacts end;
  if (!moment)
    return end;
  end.rawMs = moment->wallUnixMs;
  end.ruledMs = moment->time.ruledUnixMs;
  end.receivedMs = moment->receivedUnixMs;
  end.timeClass = moment->time.timeClass == timing::TimeClass::Anchored ? measures::TimeClass::A
                                                                        : measures::TimeClass::C;
  end.method = methodOf(moment->place);
  end.grade = static_cast<measures::Grade>(visits::placeGrade(moment->place));
  return end;
}

std::string_view distanceBand(const std::optional<visits::PlaceEvidence>& place) {
  if (!place || !place->distanceM)
    return "";
  if (*place->distanceM <= 50)
    return "0-50";
  if (*place->distanceM <= 150)
    return "51-150";
  if (*place->distanceM <= 500)
    return "151-500";
  return "501-";
}

std::string_view noEntryName(visits::NoEntryReason reason) {
  switch (reason) {
    case visits::NoEntryReason::NoReply:
      return "no_reply";
    case visits::NoEntryReason::RefusedAtDoor:
      return "refused_at_door";
    case visits::NoEntryReason::Unsafe:
      return "unsafe";
    case visits::NoEntryReason::Unspecified:
      break;
  }
  return "";
}

CarerTasks carerTasks(const visits::PlannedVisit& visit, const AttendanceRecord& record) {
  CarerTasks counts;
  for (const TaskOutcomeRecord& task : record.tasks) {
    if (task.outcome != visits::TaskOutcome::NotDone) {
      ++counts.done;
      continue;
    }
    if (task.reason != visits::NotDoneReason::Unspecified)
      ++counts.notDoneReasoned;
    const bool critical =
        std::any_of(visit.tasks.begin(), visit.tasks.end(), [&](const visits::PlannedTask& each) {
          return each.taskNumber == task.taskNumber && each.critical;
        });
    if (critical)
      ++counts.criticalNotDone;
  }
  return counts;
}

measures::TaskCounts visitTasks(const visits::PlannedVisit& visit,
                                std::span<const AttendanceRecord> records) {
  measures::TaskCounts tasks;
  for (const visits::PlannedTask& planned : visit.tasks) {
    const Outcome outcome = outcomeOf(planned.taskNumber, records);
    ++tasks.planned;
    tasks.criticalPlanned += planned.critical ? 1 : 0;
    tasks.done += outcome.done ? 1 : 0;
    tasks.notDoneReasoned += !outcome.done && outcome.reasoned ? 1 : 0;
    tasks.criticalNotDone += planned.critical && !outcome.done ? 1 : 0;
  }
  return tasks;
}

measures::Independence independenceOf(std::span<const AttendanceRecord> records) {
  std::map<std::uint32_t, visits::Independence> byTask;
  for (const AttendanceRecord& record : records) {
    for (const TaskOutcomeRecord& task : record.tasks) {
      visits::Independence& most = byTask[task.taskNumber];
      most = std::max(most, task.independence);
    }
  }
  const auto count = [&](visits::Independence level) {
    return std::count_if(byTask.begin(), byTask.end(),
                         [&](const auto& task) { return task.second == level; });
  };
  return {count(visits::Independence::SelfManaged), count(visits::Independence::Prompted),
          count(visits::Independence::Assisted), count(visits::Independence::FullySupported)};
}

}  // namespace doorstep::attendance
