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

// The plan for one phone: what changed in its carer's scope after a cursor (roster.v1.PlanChanges).
// Scope: her visits whose window starts between yesterday's first moment and the end of the 14th
// day ahead (Europe/London), and their people.
//
// Each change of a visit or person is written once for every carer whom it concerns, in the plan's
// own transaction, under a number that grows with commit order; so a pull costs what changed for
// this carer, not what is stored and not what changed for others. Time changes the scope too: the
// cursor holds the first local day that was not delivered yet, and each day that passed since moves
// one day out of the scope and one in. The scope's hash on the last page costs what the scope holds
// (some 200 visits).
//
// Cursor, opaque to the phone: bit 62 "filling" (the scope is delivered for the first time), 16
// bits of the day number since 1970, 46 bits of the change number. 0: nothing yet.
//
// Called by the exchange handler on every exchange and by the simulator. Reads one snapshot. A
// crash leaves nothing; the same cursor gives the same changes again. Cursor 0, a cursor beyond the
// newest change (a restored server), one before what is kept of the carer's changes
// (plan_writer.h), one of a phone that was away for more than 400 days, and a number
// that no server gave out are answered from the start with `reset`. Thread: the connection's.

struct PullScope {
  ProviderId provider;
  CarerId carer;
};

struct PullLimits {
  // A page ends with the change that reaches either. Never less than one step of progress.
  std::size_t changesMax = 200;
  std::size_t bytesMax = 256 * 1024;
};

// True when a pull would answer nothing: compares the cursor with the newest change and the local
// day.
bool nothingToPull(std::uint64_t cursor, std::uint64_t newestChange, std::int64_t nowUnixMs);

// Nothing when nothing changed after the cursor.
Result<std::optional<doorstep::roster::v1::PlanChanges>> pullChanges(sql::Database& database,
                                                                     const PullScope& scope,
                                                                     std::uint64_t cursor,
                                                                     std::int64_t nowUnixMs,
                                                                     const PullLimits& limits = {});

// The newest plan change of the provider, to be published to PlanFeed. 0: none.
Result<std::uint64_t> newestPlanChange(sql::Database& database, ProviderId provider);
// Whether a phone with this cursor has all that concerns its carer today, although the provider's
// plan may have grown for others: then a Watch that begins has nothing to hint.
Result<bool> holdsScope(sql::Database& database, const PullScope& scope, std::uint64_t cursor,
                        std::int64_t nowUnixMs);

// The cursor of a phone that has everything up to the change today:
// WatchResponse.newer_plan_cursor.
std::uint64_t hintCursor(std::uint64_t newestChange, std::int64_t nowUnixMs);

// Newest plan version of what concerns the carer that a phone with this cursor holds: a visit of
// hers with a higher version is not on it yet. 0: nothing, not everything yet, or what it held is
// not kept any more. For the board.
Result<std::uint64_t> heldPlanVersion(sql::Database& database, ProviderId provider, CarerId carer,
                                      std::uint64_t cursor);

}  // namespace doorstep::roster
