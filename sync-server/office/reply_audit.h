// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"

namespace doorstep::office {

// The part of OfficeAudit that compares a provider's replies to figures with its log: every reply
// has its fact, every fact its row, and both say the same, with the figure that was kept and the
// visits attached. Cost: all replies of the provider. Thread: the connection's.
class ReplyAudit {
 public:
  // Before the log is read: which rows must have a fact.
  Status begin(sql::Database& database, ProviderId provider);
  using AddFinding = std::function<void(std::string text)>;
  // A decision of the provider's office, in the order of the log.
  void take(const visits::OfficeFact& fact, const AddFinding& addFinding);
  // After the log was read.
  Status check(sql::Database& database, ProviderId provider, const AddFinding& addFinding) const;

 private:
  using Key = std::pair<ContractId, std::uint32_t>;  // the reply's number
  std::set<Key> rows_;                               // of before the log was read
  std::map<Key, visits::OfficeFact> said_;
};

}  // namespace doorstep::office
