// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "shared/core/result.h"
#include "sync-server/intake/submission.h"

namespace doorstep::intake {

// Intake's access to the plan and the projections, to count entries that waited for a plan once it
// is back. Built by config/plan_bindings.h. Thread: the writer.
struct PlanBindings {
  // The planned visit that a phone's plan object refers to: roster::VisitAliases::match.
  std::function<Result<std::optional<VisitId>>(ProviderId, const HeldVisit&)> match;
  // Stores the binding, in the commit's transaction.
  std::function<Status(ProviderId, VisitId alias, VisitId planned)> bind;
  // Positions of entries that wait for a plan, starting at the given one, ascending, unique.
  std::function<Result<std::vector<std::uint64_t>>(ProviderId, std::uint64_t from,
                                                   std::uint32_t limit)>
      waiting;
  // Version of the plan in force: after an increase, a visit may be back.
  std::function<Result<std::uint64_t>(ProviderId)> planVersion;
};

}  // namespace doorstep::intake
