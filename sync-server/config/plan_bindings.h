// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/sql/database.h"
#include "sync-server/intake/plan_bindings.h"
#include "sync-server/projections/visit_projection.h"
#include "sync-server/roster/visit_aliases.h"

namespace doorstep::config {

// What intake and the projections ask the plan about ids that a restored server has lost. Both
// arguments outlive what is returned. Thread: the writer.
intake::PlanBindings planBindings(sql::Database& writer, roster::VisitAliases& aliases);
projections::ResolveVisit resolveWith(roster::VisitAliases& aliases);

}  // namespace doorstep::config
