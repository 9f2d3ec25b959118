// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/visits/measures/rules.h"

namespace doorstep::measures {

// Why rules cannot be a contract's. Stricter than what a file may say (rules.h, contradiction): a
// file is of a contract that was agreed, and is computed as it stands.
struct RuleFault {
  std::string_view reason;                   // one of the k… below
  std::vector<std::string_view> parameters;  // one, or the two that contradict each other
  std::string text;                          // a sentence for readers, which names them
};

inline constexpr std::string_view kNumberOutOfBounds = "NUMBER_OUT_OF_BOUNDS";
inline constexpr std::string_view kListUnusable = "LIST_UNUSABLE";  // empty, too long, a bad item
inline constexpr std::string_view kBandsUnusable = "BANDS_UNUSABLE";
inline constexpr std::string_view kCarerTargetsUnusable = "CARER_TARGETS_UNUSABLE";
inline constexpr std::string_view kTargetUnusable = "TARGET_UNUSABLE";
inline constexpr std::string_view kRulesContradict = "RULES_CONTRADICT";

// Every fault: values out of bounds, and parameters that leave a visit undecided or of which one
// can never hold beside another. Empty: the rules can be agreed. Pure. Thread: any.
std::vector<RuleFault> ruleFaults(const Rules& rules);

}  // namespace doorstep::measures
