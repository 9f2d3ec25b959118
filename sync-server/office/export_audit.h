// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"

namespace doorstep::office {

// The part of OfficeAudit that compares exports with a provider's log: every export has its fact,
// every fact its row, and both say the same, the hashes of the files included. Cost: all exports
// with the provider's records. Thread: the connection's.
class ExportAudit {
 public:
  // Before the log is read: which rows must have a fact.
  Status begin(sql::Database& database, ProviderId provider);
  using AddFinding = std::function<void(std::string text)>;
  // A decision of the provider's office, in the order of the log.
  void take(const visits::OfficeFact& fact, const AddFinding& addFinding);
  // After the log was read.
  Status check(sql::Database& database, ProviderId provider, const AddFinding& addFinding) const;

 private:
  std::set<std::uint64_t> rows_;  // of before the log was read
  std::map<std::uint64_t, visits::OfficeFact> said_;
};

}  // namespace doorstep::office
