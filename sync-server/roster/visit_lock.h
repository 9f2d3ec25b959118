// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "shared/visits/locked_plan.h"
#include "shared/visits/plan.h"

namespace doorstep::roster {

// Storage of a visit's visits::LockState in its row of `visit`: written with each version
// (plan_writer.h), read with the visit (judged_plan.h), so that neither reads earlier versions. A
// row without it has an unreadable version: PLAN_DAMAGED. Thread: the connection's.

// The columns, in this order, for a SELECT from `visit`.
constexpr const char* kLockColumns =
    "judging_version, standing_version, lock_unix_ms, latest_start_unix_ms, first_made_unix_ms, "
    "last_made_unix_ms, changes_after, changes_office, changes_person, changes_council, "
    "standing_called, newest_called";
constexpr int kLockColumnCount = 12;

// newest: plan_version of the row. windowStartUnixMs: its anchor. nullopt: the row has no state.
std::optional<visits::LockState> readLock(const sql::Statement& row, int firstColumn,
                                          std::uint64_t newest, std::int64_t windowStartUnixMs);
// Binds kLockColumnCount parameters.
void bindLock(sql::Statement& row, int firstParameter, const visits::LockState& lock);

// The fields of a version that the lock depends on.
visits::PublishedPlan publishedPlan(const visits::PlannedVisit& visit, visits::WantedBy wantedBy,
                                    std::optional<std::int64_t> publishedUnixMs);

// Computes the state of every visit from its versions, in batches: migration of rows written
// without it. Unreadable ones are left without. Reads every version once.
Status fillLocks(sql::Database& database);

// Calls each(visit, columns) for every visit of the provider whose state is not what its versions
// come to, with the columns that differ. Costs every version once. May run beside a server.
Status forEachWrongLock(sql::Database& database, ProviderId provider,
                        const std::function<void(VisitId, const std::string&)>& each);

}  // namespace doorstep::roster
