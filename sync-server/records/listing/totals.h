// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "doorstep/records/v1/records_service.pb.h"
#include "sync-server/records/listing/record_query.h"

namespace doorstep::records {

// Counts over records, in one pass. Each figure equals the number of records in a list with the
// same filter. Thread: its owner's.
class TotalsCounter {
 public:
  void add(const SlotRecord& record);
  v1::GetTotalsResponse response() const;

 private:
  struct Count {
    v1::Totals totals;
    std::set<std::uint32_t> ruleVersions;
    // Records of a visit are adjacent, so the last one shows whether a visit is new.
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
