// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "sync-server/roster/judged_plan.h"

namespace doorstep::roster {

// judgedVisit() for many visits: its statement, a join of five tables, is prepared once. Errors: as
// judgedVisit. Defined with the other readings of that join, in judged_plan.cpp. Thread: the
// connection's.
class JudgedVisitReader {
 public:
  static Result<JudgedVisitReader> open(sql::Database& database);
  Result<JudgedVisit> of(ProviderId provider, VisitId visit, std::int64_t nowUnixMs);

 private:
  explicit JudgedVisitReader(sql::Statement row) : row_(std::move(row)) {}
  sql::Statement row_;
};

}  // namespace doorstep::roster
