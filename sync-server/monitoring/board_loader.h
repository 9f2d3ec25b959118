// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "shared/core/local_time.h"
#include "shared/sql/database.h"
#include "sync-server/monitoring/board.h"

namespace doorstep::monitoring {

// A board as it was in the database, and how far its plan goes.
struct LoadedBoard {
  Board board;
  std::string providerName;
  std::uint64_t planVersion = 0;  // everything up to here is in it
  // Visits of other days, because they are not over. Only today's board has some.
  bool carriesOver = false;
  std::set<VisitId> carried;
};

// Reads plan, records and contacts of the visits whose window starts in the day, and for today's
// board of those that are not over whatever their day. The reads are no
// single snapshot: whoever changes something meanwhile must tell the board afterwards, as a commit
// does. Cost: the visits of the day. Errors: PROVIDER_UNKNOWN, and the database's. Thread: the
// connection's.
Result<LoadedBoard> loadBoard(sql::Database& database, ProviderId provider, const DayBounds& day,
                              std::int64_t nowUnixMs);

// Whether the moment is of the day: then its board goes on with what is not over of other days.
bool isToday(const DayBounds& day, std::int64_t nowUnixMs);

// Takes in what is not over of other days. A board that was opened before its day began needs it
// once at midnight.
Status carryOver(sql::Database& database, ProviderId provider, const DayBounds& day,
                 std::int64_t nowUnixMs, LoadedBoard& loaded);

// Takes in a visit of another day that a carer has begun, as its record has just said.
Status carryBegun(sql::Database& database, ProviderId provider, VisitId visit,
                  std::int64_t nowUnixMs, LoadedBoard& loaded);

// Drops carried rows that nobody will resolve any more. True: there were some.
bool dropPassed(std::int64_t nowUnixMs, LoadedBoard& loaded);

// Brings the plan of a board to the newest version. True: a visit left the day, so a watcher's copy
// cannot be mended by sending rows.
Result<bool> refreshPlan(sql::Database& database, ProviderId provider, const DayBounds& day,
                         std::int64_t nowUnixMs, LoadedBoard& loaded);

// Empty for a carer that the provider's plan does not know: a phone may say any id.
Result<std::string> carerName(sql::Database& database, ProviderId provider, CarerId carer);

// The row of one visit, made from the database alone. Errors: VISIT_UNKNOWN, and the database's.
Result<v1::BoardRow> loadRow(sql::Database& database, ProviderId provider, VisitId visit,
                             std::int64_t nowUnixMs);

}  // namespace doorstep::monitoring
