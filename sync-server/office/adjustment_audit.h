// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
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

// The part of OfficeAudit that compares what supervisors said of carer slots with the log: every
// row has its fact, every fact its row, and both say the same. Cost: all rows of the provider.
// Thread: the connection's.
class AdjustmentAudit {
 public:
  // Before the log is read: which rows must have a fact.
  Status begin(sql::Database& database, ProviderId provider);
  // A decision of the provider's office, in the order of the log. addFinding: as of check().
  using AddFinding = std::function<void(std::string text)>;
  // salt: of its entry.
  void take(const visits::OfficeFact& fact, const std::string& salt, const AddFinding& addFinding);
  // After the log was read.
  Status check(sql::Database& database, ProviderId provider, const AddFinding& addFinding) const;

 private:
  struct Key {
    VisitId visit;
    std::uint32_t slot = 0;
    std::uint32_t revision = 0;
    auto operator<=>(const Key&) const = default;
  };
  struct Said {
    visits::OfficeFact fact;
    std::string salt;
  };
  static std::string nameOf(const Key& key);

  std::set<Key> rows_;  // of before the log was read
  std::map<Key, Said> said_;
};

}  // namespace doorstep::office
