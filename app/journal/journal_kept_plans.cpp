// SPDX-License-Identifier: Apache-2.0
#include "app/journal/event_row.h"
#include "app/journal/journal.h"
#include "app/journal/statements.h"
#include "shared/wire/plan_codec.h"

// Plan objects kept with records, independent of later changes of the plan.
namespace doorstep::journal {
namespace {

constexpr const char* kVisit = "kept-visit";
constexpr const char* kPerson = "kept-person";

bool isOfSamePerson(VisitId visit, const std::string& bytes, const std::string& others) {
  const auto one = wire::decodeVisit(visit, bytes);
  const auto other = wire::decodeVisit(visit, others);
  return one.ok() && other.ok() && one->person == other->person;
}

}  // namespace

Status Journal::keepPlans(const std::map<VisitId, KeptPlan>& plans) {
  if (plans.empty())
    return kDone;
  DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(database_));
  for (const auto& [visit, plan] : plans)
    DOORSTEP_TRY(writeKeptPlan(visit, plan));
  DOORSTEP_TRY(transaction.commit());
  for (const auto& [visit, plan] : plans)
    keptPlans_[visit] = plan;
  return kDone;
}

Status Journal::dropPlan(VisitId visit) {
  DOORSTEP_ASSIGN(auto drop, database_.prepare("DELETE FROM kept_plan WHERE visit_id = ?"));
  DOORSTEP_TRY(drop.bindId(0, visit.value).run());
  keptPlans_.erase(visit);
  return kDone;
}

std::optional<KeptPlan> Journal::newerPlan(VisitId visit, KeptPlan planned) const {
  const auto kept = keptPlans_.find(visit);
  if (kept == keptPlans_.end())
    return planned;
  if (planned.person.empty() && isOfSamePerson(visit, planned.visit, kept->second.visit))
    planned.person = kept->second.person;
  if (planned == kept->second)
    return std::nullopt;
  return planned;
}

Status Journal::writeKeptPlan(VisitId visit, const KeptPlan& plan) {
  const std::string sealedVisit = crypto::seal(
      options_.key, rowContext(kVisit, options_.device, visit.value), plan.visit, platform_.ids);
  const std::string sealedPerson = crypto::seal(
      options_.key, rowContext(kPerson, options_.device, visit.value), plan.person, platform_.ids);
  return statements_->keepPlan.bindId(0, visit.value)
      .bindBlob(1, sealedVisit)
      .bindBlob(2, sealedPerson)
      .run();
}

Status Journal::loadKeptPlans() {
  DOORSTEP_ASSIGN(auto rows, database_.prepare("SELECT visit_id, visit, person FROM kept_plan"));
  for (;;) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return kDone;
    const std::uint64_t id = rows.columnId(0);
    auto visit =
        crypto::open(options_.key, rowContext(kVisit, options_.device, id), rows.columnBlob(1));
    auto person =
        crypto::open(options_.key, rowContext(kPerson, options_.device, id), rows.columnBlob(2));
    if (visit.ok() && person.ok())
      keptPlans_[VisitId(id)] = {std::move(visit).value(), std::move(person).value()};
  }
}

}  // namespace doorstep::journal
