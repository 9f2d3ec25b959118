// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "shared/core/strong_id.h"
#include "shared/visits/visit_fold.h"

namespace doorstep::projections {

// What this phone recorded, by visit: the fold of the journal's events, kept in memory and built
// again at each start. Thread: the journal's worker.
class VisitRecords {
 public:
  struct Record {
    visits::VisitFold fold;
    std::vector<std::uint64_t> eventNumbers;  // in order
    std::int64_t lastWallUnixMs = 0;
  };

  void apply(const visits::RecordedEvent& event);
  // Nothing when nothing was recorded about the visit.
  const Record* record(VisitId visit) const;
  // What the carer of this phone did at the visit; nothing when nothing was recorded.
  const visits::Attendance* attendance(VisitId visit) const;
  const std::map<VisitId, Record>& all() const { return records_; }

 private:
  std::map<VisitId, Record> records_;
};

}  // namespace doorstep::projections
