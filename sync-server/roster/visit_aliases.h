// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace doorstep::roster {

// Ids under which phones know visits that this server has planned under other ids: its database was
// restored from a backup and the rota was imported again. An event contains only the id; the plan
// object that a phone still has contains the ref. An alias is written once and never changed, and
// none is made for a planned id.
//
// resolve() keeps a statement and caches whether any alias exists. Thread: the
// connection's.
class VisitAliases {
 public:
  explicit VisitAliases(sql::Database& database) : database_(database) {}

  // The planned visit that the id stands for; the id itself if it is not an alias.
  Result<VisitId> resolve(ProviderId provider, VisitId visit);

  // A visit as described by a phone that once received it.
  struct Claim {
    VisitId visit;
    std::string ref;
    std::string personRef;
    std::int64_t windowStartUnixMs = 0;
  };
  // The visit of this provider that the claim refers to: same ref, same person, a start that the
  // plan may have moved. nullopt: none (yet), the id is already known, or the visit has
  // kAliasesPerVisitMax aliases.
  Result<std::optional<VisitId>> match(ProviderId provider, const Claim& claim);
  Status bind(ProviderId provider, VisitId alias, VisitId visit);

 private:
  sql::Database& database_;
  std::optional<sql::Statement> select_;
  std::optional<bool> any_;
};

// As VisitAliases::resolve, on any connection.
Result<VisitId> resolveVisit(sql::Database& database, ProviderId provider, VisitId visit);
// All ids of the visit, its own first.
Result<std::vector<VisitId>> namesOfVisit(sql::Database& database, ProviderId provider,
                                          VisitId visit);

}  // namespace doorstep::roster
