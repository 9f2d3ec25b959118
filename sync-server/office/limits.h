// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::office {

// Between a decision and its arrival in the log lies one transaction: the largest import takes a
// minute. What is said to have been decided longer ago was written afterwards.
constexpr std::int64_t kDecidedBeforeArrivalMsMax = 3'600'000;
constexpr std::size_t kFindingsListed = 100;       // of a provider, as of event_log::LogAudit
constexpr std::uint32_t kVersionsPerRead = 1'000;  // rows of plan_version at a time

}  // namespace doorstep::office
