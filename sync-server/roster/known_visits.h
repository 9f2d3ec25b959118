// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace doorstep::roster {

// Whether the provider ever planned the visit, in any version and state, under this id or one that
// it is an alias of (visit_aliases.h). Called by intake for each visit of an entry. Keeps a
// prepared statement and caches a bounded number of positive answers, which never become negative.
// Thread: the connection's.
class KnownVisits {
 public:
  explicit KnownVisits(sql::Database& database);
  Result<bool> knows(ProviderId provider, VisitId visit);

 private:
  struct Known {
    ProviderId provider;
    VisitId visit;
    bool operator==(const Known&) const = default;
  };
  sql::Database& database_;
  std::optional<sql::Statement> statement_;
  std::vector<Known> recent_;  // direct-mapped by hash of the id
};

}  // namespace doorstep::roster
