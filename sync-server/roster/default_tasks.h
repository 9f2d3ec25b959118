// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "shared/visits/plan.h"

namespace doorstep::roster {

// What a carer ticks at a visit for which the office gave no tasks (tasks.csv): from the task
// catalogue, by the service where its code is a usual one, else by the visit's length. Numbers
// follow the catalogue, so that a task keeps its number when the length changes. Pure. Thread: any.
std::vector<visits::PlannedTask> defaultTasks(std::string_view service, std::uint32_t durationMin,
                                              std::uint32_t carersRequired);

}  // namespace doorstep::roster
