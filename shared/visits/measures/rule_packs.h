// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "shared/visits/measures/rules.h"

namespace doorstep::measures {

// Rules that a contract can start from, and the measures to show with them. docs/measures.md has
// their values. Thread: any.
struct RulePack {
  std::string_view name;
  Rules rules;
  // Ids, or beginnings of ids that end in ".*".
  std::vector<std::string_view> measures;
};
std::span<const RulePack> rulePacks();
// nullptr: there is no pack of this name.
const RulePack* findRulePack(std::string_view name);

// Of a contract that nobody gave rules, and of visits without a contract.
Rules unstatedRules();
// What a version of before all parameters could be stated says: its four minutes, and for the
// others what its visits were judged by then. Must not change: logs commit to such versions.
Rules rulesOfFourMinutes(std::int64_t late, std::int64_t early, std::int64_t timeCritical,
                         std::int64_t missedAfter);
// Whether the four minutes say everything.
bool saysFourMinutesOnly(const Rules& rules);

}  // namespace doorstep::measures
