// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::office {

// Largest time from a decision to its arrival in the log, which are one transaction apart: the
// largest import takes a minute. An older decision time means that the entry was written later.
constexpr std::int64_t kDecidedBeforeArrivalMsMax = 3'600'000;
constexpr std::size_t kFindingsListed = 100;       // per provider, as in event_log::LogAudit
constexpr std::uint32_t kVersionsPerRead = 1'000;  // rows of plan_version at a time

}  // namespace doorstep::office
