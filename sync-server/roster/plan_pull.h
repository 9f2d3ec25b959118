// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "doorstep/roster/v1/roster.pb.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace doorstep::roster {

// The plan for one phone: changes in its carer's scope after a cursor (roster.v1.PlanChanges).
// Scope: her visits whose window starts between the beginning of yesterday and the end of the 14th
// day ahead (Europe/London), and their people.
//
// Each change of a visit or person is stored once per concerned carer, in the plan's transaction,
// with a number in commit order; so a pull costs only this carer's changes, not the size of the
// plan or others' changes. Time changes the scope too: the cursor contains the first local day not
// yet delivered, and each day that passed moves one day out of the scope and one in. The scope hash
// on the last page costs the size of the scope (about 200 visits).
//
// Cursor, opaque to the phone: bit 62 "filling" (the scope is delivered for the first time), 16
// bits of the day number since 1970, 46 bits of the change number. 0: nothing yet.
//
// Called by the exchange handler on every exchange and by the simulator. Reads one snapshot; no
// state to lose in a crash, and the same cursor gives the same changes. Answered from the start
// with `reset`: cursor 0, a cursor beyond the newest change (a restored server) or before the
// carer's stored changes (plan_writer.h), that of a phone that was away for more than 400 days, and
// a number that no server issued. Thread: the connection's.

struct PullScope {
  ProviderId provider;
  CarerId carer;
};

struct PullLimits {
  // A page ends with the change that reaches either limit. At least one step of progress.
  std::size_t changesMax = 200;
  std::size_t bytesMax = 256 * 1024;
};

// Whether a pull would return nothing: compares the cursor with the newest change and the local
// day.
bool nothingToPull(std::uint64_t cursor, std::uint64_t newestChange, std::int64_t nowUnixMs);

// nullopt when nothing changed after the cursor.
Result<std::optional<doorstep::roster::v1::PlanChanges>> pullChanges(sql::Database& database,
                                                                     const PullScope& scope,
                                                                     std::uint64_t cursor,
                                                                     std::int64_t nowUnixMs,
                                                                     const PullLimits& limits = {});

// The provider's newest plan change, for PlanFeed. 0: none.
Result<std::uint64_t> newestPlanChange(sql::Database& database, ProviderId provider);
// Whether a phone with this cursor has everything of its carer today, although the provider's plan
// may have changed for others: then a new Watch needs no hint.
Result<bool> holdsScope(sql::Database& database, const PullScope& scope, std::uint64_t cursor,
                        std::int64_t nowUnixMs);

// The cursor of a phone that has everything up to the change today:
// WatchResponse.newer_plan_cursor.
std::uint64_t hintCursor(std::uint64_t newestChange, std::int64_t nowUnixMs);

// The newest plan version for the carer on a phone with this cursor: a visit of hers with a higher
// version is not on it yet. 0: none, incomplete, or no longer known. For the board.
Result<std::uint64_t> heldPlanVersion(sql::Database& database, ProviderId provider, CarerId carer,
                                      std::uint64_t cursor);

}  // namespace doorstep::roster
