// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/plan_bindings.h"

#include "sync-server/projections/attendance_store.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::config {

intake::PlanBindings planBindings(sql::Database& writer, roster::VisitAliases& aliases) {
  intake::PlanBindings bindings;
  bindings.match = [&aliases](ProviderId provider, const intake::HeldVisit& held) {
    return aliases.match(provider, {held.visit, held.ref, held.personRef, held.windowStartUnixMs});
  };
  bindings.bind = [&aliases](ProviderId provider, VisitId alias, VisitId planned) {
    return aliases.bind(provider, alias, planned);
  };
  bindings.waiting = [&writer](ProviderId provider, std::uint64_t from, std::uint32_t limit) {
    return projections::waitingEntries(writer, provider, from, limit);
  };
  bindings.planVersion = [&writer](ProviderId provider) -> Result<std::uint64_t> {
    const auto known = roster::provider(writer, provider);
    if (!known.ok() && known.error().code == ErrorCode::NotFound)
      return std::uint64_t{0};
    DOORSTEP_TRY(known);
    return known->planVersion;
  };
  return bindings;
}

projections::ResolveVisit resolveWith(roster::VisitAliases& aliases) {
  return
      [&aliases](ProviderId provider, VisitId visit) { return aliases.resolve(provider, visit); };
}

}  // namespace doorstep::config
