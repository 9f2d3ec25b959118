// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "shared/core/local_time.h"
#include "shared/sql/database.h"
#include "sync-server/monitoring/board.h"

namespace doorstep::monitoring {

// A board loaded from the database, and the plan version it includes.
struct LoadedBoard {
  Board board;
  std::string providerName;
  std::uint64_t planVersion = 0;  // included up to this version
  // Whether it includes unfinished visits of other days; only today's board does.
  bool carriesOver = false;
  std::set<VisitId> carried;
};

// Reads plan, records and contacts of the visits whose window starts on the day, and for today's
// board also of unfinished visits of other days. The reads are not one snapshot: a concurrent
// change must be passed to the board afterwards, as commits do. Cost: the visits of the day.
// Errors: PROVIDER_UNKNOWN, and the database's. Thread: the connection's.
Result<LoadedBoard> loadBoard(sql::Database& database, ProviderId provider, const DayBounds& day,
                              std::int64_t nowUnixMs);

// Whether the time is on the day, so that its board includes unfinished visits of other days.
bool isToday(const DayBounds& day, std::int64_t nowUnixMs);

// Adds unfinished visits of other days. Needed once at midnight for a board opened before its day.
Status carryOver(sql::Database& database, ProviderId provider, const DayBounds& day,
                 std::int64_t nowUnixMs, LoadedBoard& loaded);

// Adds a visit of another day that a carer has just begun.
Status carryBegun(sql::Database& database, ProviderId provider, VisitId visit,
                  std::int64_t nowUnixMs, LoadedBoard& loaded);

// Drops carried rows whose time to be resolved is over. Returns whether there were any.
bool dropPassed(std::int64_t nowUnixMs, LoadedBoard& loaded);

// Updates the board's plan to the newest version. True: a visit left the day, so sending rows is
// not enough to update a watcher's copy.
Result<bool> refreshPlan(sql::Database& database, ProviderId provider, const DayBounds& day,
                         std::int64_t nowUnixMs, LoadedBoard& loaded);

// Empty for a carer who is not in the provider's plan: a phone may send any id.
Result<std::string> carerName(sql::Database& database, ProviderId provider, CarerId carer);

// The row of one visit, read from the database. Errors: VISIT_UNKNOWN, and the database's.
Result<v1::BoardRow> loadRow(sql::Database& database, ProviderId provider, VisitId visit,
                             std::int64_t nowUnixMs);

}  // namespace doorstep::monitoring
