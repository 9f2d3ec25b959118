// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "doorstep/records/v1/records_service.pb.h"
#include "sync-server/records/record_query.h"

namespace doorstep::records {

// Counts over records as they are read, in one pass. Each figure is the count of the records that a
// list with the same filter gives. Thread: its owner's.
class TotalsCounter {
 public:
  void add(const SlotRecord& record);
  v1::GetTotalsResponse response() const;

 private:
  struct Count {
    v1::Totals totals;
    std::set<std::uint32_t> ruleVersions;
    // Records of a visit come one after another, so the last one tells whether a visit is new.
    std::pair<ProviderId, VisitId> lastVisit;

    void add(const SlotRecord& record);
    v1::Totals message() const;
  };

  Count all_;
  std::map<std::string, Count> byProvider_;
  std::map<std::string, Count> byLot_;
  std::map<std::int32_t, std::uint64_t> bins_;  // by lower end, minutes
};

}  // namespace doorstep::records
