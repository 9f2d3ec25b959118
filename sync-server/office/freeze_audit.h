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

// The part of OfficeAudit that compares frozen months with a provider's log: every freeze and its
// end have their facts, every fact its row, and both say the same, the measures' hash included.
// Cost: all freezes of the provider's contracts. Thread: the connection's.
class FreezeAudit {
 public:
  // Before the log is read: which rows must have a fact.
  Status begin(sql::Database& database, ProviderId provider);
  using AddFinding = std::function<void(std::string text)>;
  // A decision of the provider's office, in the order of the log.
  void take(const visits::OfficeFact& fact, const AddFinding& addFinding);
  // After the log was read.
  Status check(sql::Database& database, ProviderId provider, const AddFinding& addFinding) const;

 private:
  struct Key {
    ContractId contract;
    std::string month;
    std::uint32_t freeze = 0;
    bool isEnd = false;  // of the freeze
    auto operator<=>(const Key&) const = default;
  };
  struct Row;
  static std::string nameOf(const Key& key);
  void compare(const Row& row, const AddFinding& addFinding) const;

  std::set<Key> rows_;  // of before the log was read
  std::map<Key, visits::OfficeFact> said_;
};

}  // namespace doorstep::office
