// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "shared/visits/measures/rules.h"
#include "sync-server/records/pseudonyms.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {

// What contracts ordered as packages.csv of the council's files (docs/measures.md): minutes of
// carers a person, service kind and week, named as in visits.csv. What doorstep-recompute reads.
std::string packagesHeader();

// Weeks that begin in the days, local and inclusive.
struct PackageWeeks {
  std::int64_t firstDay = 0;
  std::int64_t lastDay = 0;
};

// Passes the lines of a contract to `take`, a person at a time. A week begins on the day that the
// contract's rules of its first asked day say. Cost: commissioning::weekMinutes. Thread: the
// connection's.
Status packagesCsv(sql::Database& database, const roster::Contract& contract,
                   const PackageWeeks& weeks, Pseudonyms& pseudonyms,
                   const std::function<Status(const std::string& lines)>& take);

}  // namespace doorstep::records
