// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"

namespace doorstep::roster {

// The database rows that facts of the office commit to: for the audit, and for the fact that opens
// an office's log. Thread: the connection's.

struct VisitVersion {
  VisitId visit;
  std::uint64_t planVersion = 0;
  std::uint64_t wantedBy = 0;
  std::string bytes;  // as published
};
// Every version of every visit of the provider, by visit and version.
Status forEachVisitVersion(sql::Database& database, ProviderId provider,
                           const std::function<Status(const VisitVersion&)>& each);
// The visits that one plan version wrote, by visit. Cost: the size of the result.
Status forEachVisitOf(sql::Database& database, ProviderId provider, std::uint64_t planVersion,
                      const std::function<Status(const VisitVersion&)>& each);
// A visit as one plan version wrote it; nullopt: it did not.
Result<std::optional<VisitVersion>> visitOf(sql::Database& database, ProviderId provider,
                                            VisitId visit, std::uint64_t planVersion);

// Every version of the rules of the provider's contracts, by contract and version.
Result<std::vector<visits::RulesSet>> rulesVersions(sql::Database& database, ProviderId provider);
// The value of OfficeOpened.rules_hash for them.
Hash hashOfRules(std::span<const visits::RulesSet> rules);

}  // namespace doorstep::roster
