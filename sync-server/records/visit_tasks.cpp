// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/visit_tasks.h"

namespace doorstep::records {
namespace {

struct Outcome {
  bool done = false;
  bool reasoned = false;
};

Outcome outcomeOf(std::uint32_t taskNumber,
                  std::span<const projections::AttendanceRecord> records) {
  Outcome outcome;
  for (const projections::AttendanceRecord& record : records) {
    for (const projections::TaskOutcomeRecord& task : record.tasks) {
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

VisitTasks visitTasks(const visits::PlannedVisit& visit,
                      std::span<const projections::AttendanceRecord> records) {
  VisitTasks tasks;
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

}  // namespace doorstep::records
