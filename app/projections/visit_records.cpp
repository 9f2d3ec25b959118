// SPDX-License-Identifier: Apache-2.0
#include "app/projections/visit_records.h"

namespace doorstep::projections {

void VisitRecords::apply(const visits::RecordedEvent& event) {
  Record& record = records_[event.event.visit];
  if (!record.fold.apply(event))
    return;
  record.eventNumbers.push_back(event.event.number);
  record.lastWallUnixMs = event.event.wallUnixMs;
}

const VisitRecords::Record* VisitRecords::record(VisitId visit) const {
  const auto found = records_.find(visit);
  return found == records_.end() ? nullptr : &found->second;
}

const visits::Attendance* VisitRecords::attendance(VisitId visit) const {
  const Record* found = record(visit);
  // One phone, one carer: its events have carer id 0, "the carer that the device is enrolled for".
  return found == nullptr || found->fold.attendances().empty()
             ? nullptr
             : &found->fold.attendances().begin()->second;
}

}  // namespace doorstep::projections
