// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/sql/database.h"
#include "sync-server/intake/plan_bindings.h"
#include "sync-server/projections/visit_projection.h"
#include "sync-server/roster/visit_aliases.h"

namespace doorstep::config {

// The plan's answers, for intake and projections, about ids that a restored server has lost. The
// arguments outlive the result. Thread: the writer.
intake::PlanBindings planBindings(sql::Database& writer, roster::VisitAliases& aliases);
projections::ResolveVisit resolveWith(roster::VisitAliases& aliases);

}  // namespace doorstep::config
