// SPDX-License-Identifier: Apache-2.0
#include "app/projections/known_plan.h"

#include "shared/wire/plan_codec.h"

namespace doorstep::projections {

const visits::PlannedVisit* KnownPlan::visit(VisitId id) const {
  if (const visits::PlannedVisit* planned = roster_.visit(id); planned != nullptr)
    return planned;
  const Kept* found = kept(id);
  return found != nullptr && found->visit ? &*found->visit : nullptr;
}

const visits::Person* KnownPlan::personOf(VisitId id) const {
  const visits::PlannedVisit* planned = visit(id);
  if (planned == nullptr)
    return nullptr;
  if (const visits::Person* person = roster_.person(planned->person); person != nullptr)
    return person;
  const Kept* found = kept(id);
  const bool same = found != nullptr && found->person && found->person->id == planned->person;
  return same ? &*found->person : nullptr;
}

const KnownPlan::Kept* KnownPlan::kept(VisitId id) const {
  const auto source = journal_.keptPlans().find(id);
  if (source == journal_.keptPlans().end())
    return nullptr;
  Kept& found = opened_[id];
  if (found.visit && found.source == source->second)
    return &found;
  found = {source->second, std::nullopt, std::nullopt};
  if (auto decoded = wire::decodeVisit(id, found.source.visit); decoded.ok())
    found.visit = std::move(decoded).value();
  if (found.visit && !found.source.person.empty()) {
    if (auto decoded = wire::decodePerson(found.visit->person, found.source.person); decoded.ok())
      found.person = std::move(decoded).value();
  }
  return &found;
}

}  // namespace doorstep::projections
