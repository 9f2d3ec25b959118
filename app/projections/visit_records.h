// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "shared/core/strong_id.h"
#include "shared/visits/visit_fold.h"

namespace doorstep::projections {

// What this phone recorded, by visit: the fold of the journal's events. In memory, rebuilt at each
// start. Thread: the journal's worker.
class VisitRecords {
 public:
  struct Record {
    visits::VisitFold fold;
    std::vector<std::uint64_t> eventNumbers;  // in order
    std::int64_t lastWallUnixMs = 0;
  };

  void apply(const visits::RecordedEvent& event);
  // Null when nothing was recorded about the visit.
  const Record* record(VisitId visit) const;
  // The record of this phone's carer at the visit; null when nothing was recorded.
  const visits::Attendance* attendance(VisitId visit) const;
  const std::map<VisitId, Record>& all() const { return records_; }

 private:
  std::map<VisitId, Record> records_;
};

}  // namespace doorstep::projections
