// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "shared/core/result.h"
#include "sync-server/freezes/freeze_store.h"
#include "sync-server/records/evidence/bundle_log.h"
#include "sync-server/records/listing/record_query.h"

namespace doorstep::records {

// The freezes of the months that a bundle has records of: a line of freezes.jsonl for each freeze
// in each provider's log, with the proof that the log has only grown since. Memory: a text for each
// month of a contract and provider. Thread: the connection's.
class FreezeEvidence {
 public:
  FreezeEvidence(sql::Database& database, BundleFolder& folder)
      : database_(database), folder_(folder) {}

  // The record's month has freezes to be shown.
  void add(const SlotRecord& record);
  // Once for each log. Errors: the database's and the log's.
  Status write(BundleLog& log);

 private:
  Status prove(const freezes::Freeze& freeze, BundleLog& log, v1::BundledFreeze& line);

  sql::Database& database_;
  BundleFolder& folder_;
  std::map<ProviderId, std::set<std::pair<ContractId, std::string>>> months_;
};

}  // namespace doorstep::records
