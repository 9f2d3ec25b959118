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

// Ids under which phones know visits that this server has planned under others: its file was put
// back to an older copy and the rota was imported again. An event holds the id alone; the plan
// object that a phone still holds says which ref it was. An alias is written once and never
// changed, and none is made for an id that is planned.
//
// resolve() keeps a statement and remembers whether there is any alias at all. Thread: the
// connection's.
class VisitAliases {
 public:
  explicit VisitAliases(sql::Database& database) : database_(database) {}

  // The planned visit that the id stands for; the id itself when it stands for no other.
  Result<VisitId> resolve(ProviderId provider, VisitId visit);

  // What a phone says of a visit that it was once given.
  struct Claim {
    VisitId visit;
    std::string ref;
    std::string personRef;
    std::int64_t windowStartUnixMs = 0;
  };
  // The visit of this provider that the claim is about: the same ref, the same person, a start that
  // a plan may have moved it to. Nothing: there is none (yet), the id is known already, or the
  // visit has kAliasesPerVisitMax names.
  Result<std::optional<VisitId>> match(ProviderId provider, const Claim& claim);
  Status bind(ProviderId provider, VisitId alias, VisitId visit);

 private:
  sql::Database& database_;
  std::optional<sql::Statement> select_;
  std::optional<bool> any_;
};

// As VisitAliases::resolve, over any connection.
Result<VisitId> resolveVisit(sql::Database& database, ProviderId provider, VisitId visit);
// Every id under which the visit was recorded, its own first.
Result<std::vector<VisitId>> namesOfVisit(sql::Database& database, ProviderId provider,
                                          VisitId visit);

}  // namespace doorstep::roster
