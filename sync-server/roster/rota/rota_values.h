// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "shared/visits/locked_plan.h"
#include "sync-server/roster/rota/rota.h"
#include "sync-server/roster/rota/rota_table.h"

namespace doorstep::roster {

// What single values of a rota's files say. Thread: the reader's.

// A word of a list, or nothing; another one is a fault.
std::string oneOf(RotaTable& table, std::size_t column, const std::vector<std::string>& list);
// Columns in which a row of contracts.csv states rules.
struct RulesColumns {
  std::size_t late, early, timeCritical, missedAfter, pack;
};
// Where a row states minutes and no pack, those that it leaves out are the usual ones. Absent: it
// states none.
std::optional<StatedRules> statedRules(RotaTable& table, const RulesColumns& columns);
// "council=7000;health=3000": names once each, shares of 10,000 that sum to it.
bool isFunderSplit(const std::string& value);
// Of the word of cancelled_by.
visits::WantedBy wantedBy(const std::string& cancelledBy);
// Why a row may say something else of days that have begun; empty: it may not. A reason without the
// day (column `from`) is a fault.
std::string readCorrection(RotaTable& table, std::size_t from, std::size_t reason);

}  // namespace doorstep::roster
