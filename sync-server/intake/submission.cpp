// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/submission.h"

#include <array>
#include <string_view>

namespace doorstep::intake {
namespace {

// By number; an empty name: not assigned.
constexpr std::array<std::string_view, 14> kNames = {"",
                                                     "BAD_SIGNATURE",
                                                     "CHAIN_BROKEN",
                                                     "GAP",
                                                     "FORK",
                                                     "MALFORMED",
                                                     "UNKNOWN_VISIT",
                                                     "EVENT_NUMBERS",
                                                     "LIMITS",
                                                     "OTHER_CARER",
                                                     "",
                                                     "",
                                                     "VISIT_QUOTA",
                                                     "DEVICE_QUOTA"};

}  // namespace

std::string quarantineName(QuarantineReason reason) {
  return std::string(kNames[static_cast<std::size_t>(reason)]);
}

QuarantineReason quarantineFromName(const std::string& name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name)
      return static_cast<QuarantineReason>(i);
  return QuarantineReason::None;
}

}  // namespace doorstep::intake
