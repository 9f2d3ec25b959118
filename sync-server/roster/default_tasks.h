// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "shared/visits/plan.h"

namespace doorstep::roster {

// Tasks of a visit for which the office gave none (tasks.csv): from the task catalogue, by service
// code if it is a known one, otherwise by the visit's length. Numbers are the catalogue's, so that
// a task keeps its number when the length changes. Pure. Thread: any.
std::vector<visits::PlannedTask> defaultTasks(std::string_view service, std::uint32_t durationMin,
                                              std::uint32_t carersRequired);

}  // namespace doorstep::roster
