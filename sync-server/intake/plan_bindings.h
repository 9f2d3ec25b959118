// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "shared/core/result.h"
#include "sync-server/intake/submission.h"

namespace doorstep::intake {

// What intake asks the plan and the projections for, so that what was set aside for lack of a plan
// is counted when the plan is back. config/plan_bindings.h puts it together. Thread: the writer.
struct PlanBindings {
  // Which planned visit a phone's plan object is about: roster::VisitAliases::match.
  std::function<Result<std::optional<VisitId>>(ProviderId, const HeldVisit&)> match;
  // Makes it so, in the commit's transaction.
  std::function<Status(ProviderId, VisitId alias, VisitId planned)> bind;
  // Positions of entries that wait for a plan, from the given one on, ascending, each once.
  std::function<Result<std::vector<std::uint64_t>>(ProviderId, std::uint64_t from,
                                                   std::uint32_t limit)>
      waiting;
  // Of the plan in force: when it grows, a visit may have come back.
  std::function<Result<std::uint64_t>(ProviderId)> planVersion;
};

}  // namespace doorstep::intake
