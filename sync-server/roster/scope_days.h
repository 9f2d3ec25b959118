// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace doorstep::roster {

// A phone's scope: the local days (Europe/London) around today whose visits it holds.
constexpr std::int64_t kScopeDaysBack = 1;    // yesterday: night visits and late records
constexpr std::int64_t kScopeDaysAhead = 14;  // a fortnight without a network
constexpr std::int64_t kScopeDays = kScopeDaysBack + 1 + kScopeDaysAhead;

}  // namespace doorstep::roster
