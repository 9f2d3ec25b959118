// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"

namespace doorstep::office {

// Compares one provider's rows of what is commissioned with the facts of its log: finds rows
// without their fact, rows that were altered, left out or put in later, and who, when or why that
// is not what the log says. Used by OfficeAudit, which calls begin before the log is read and
// findings after it. Memory: the provider's rows. Thread: the connection's.
class CommissionedAudit {
 public:
  CommissionedAudit() = default;
  static Result<CommissionedAudit> begin(sql::Database& database, ProviderId provider);

  // A fact at its position; salt: of its entry.
  void see(std::uint64_t position, const std::string& salt, const visits::OfficeFact& fact,
           const visits::CommissionedRows& rows);
  Result<std::vector<std::string>> findings(sql::Database& database);

 private:
  struct Said {
    std::string salt;
    visits::OfficeFact fact;
    visits::CommissionedRows rows;
  };
  using Key = std::pair<std::uint64_t, visits::CommissionedKind>;  // version and kind

  Status checkVersions(sql::Database& database);
  Status checkRows(sql::Database& database);
  void compareVersion(std::uint64_t version, std::int64_t madeUnixMs, AccountId account,
                      const std::string& why);

  ProviderId provider_;
  std::uint64_t newest_ = 0;  // before the log was read
  std::map<Key, Said> said_;
  std::vector<std::string> texts_;
};

}  // namespace doorstep::office
