// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/attendance/attendance_record.h"

#include <span>

namespace doorstep::attendance {
namespace {

std::optional<RecordedMoment> withTime(const std::optional<visits::Moment>& moment,
                                       const ArrivalOf& arrivalOf) {
  if (!moment)
    return std::nullopt;
  const EntryArrival arrival = arrivalOf(moment->device, moment->eventNumber);
  RecordedMoment recorded;
  recorded.device = moment->device;
  recorded.eventNumber = moment->eventNumber;
  recorded.wallUnixMs = moment->wallUnixMs;
  recorded.correctedUnixMs = moment->correctedUnixMs;
  recorded.time = timing::trustedTime(moment->boot, moment->bootMs, moment->wallUnixMs,
                                      std::span(&arrival.anchor, 1));
  recorded.receivedUnixMs = arrival.receivedUnixMs;
  recorded.place = moment->place;
  recorded.noEntryReason = moment->noEntryReason;
  return recorded;
}

}  // namespace

AttendanceRecord withTimes(const visits::Attendance& fold, const ArrivalOf& arrivalOf) {
  AttendanceRecord record;
  record.carer = fold.carer;
  record.checkIn = withTime(fold.checkIn, arrivalOf);
  record.checkOut = withTime(fold.checkOut, arrivalOf);
  record.noEntry = withTime(fold.noEntry, arrivalOf);
  for (const auto& [number, task] : fold.tasks)
    record.tasks.push_back(
        {number, task.record.outcome, task.record.reason, task.record.independence});
  record.announcedDelayMin = fold.announcedDelayMin;
  return record;
}

}  // namespace doorstep::attendance
