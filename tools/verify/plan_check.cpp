// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/plan_check.h"

#include <algorithm>
#include <string>
#include <variant>

#include "shared/core/durations.h"
#include "shared/core/time_range.h"
#include "shared/visits/locked_plan.h"
#include "shared/visits/measures/civil_time.h"

namespace doorstep::verify {
namespace {

using wire::ProvedPlanVisit;

struct PlanColumns {
  std::string_view start, latest, end;
};
constexpr PlanColumns kLocked{"locked_plan_start", "locked_plan_start_latest", "locked_plan_end"};
constexpr PlanColumns kFinal{"final_plan_start", "final_plan_start_latest", "final_plan_end"};

void checkTimes(const PlanColumns& columns, const visits::PlannedVisit* plan, RecordRows& row,
                Findings& findings) {
  using Time = std::optional<std::int64_t>;
  row.expectTime(columns.start, plan ? Time(plan->windowStartUnixMs) : Time(), findings);
  row.expectTime(columns.latest, plan ? Time(plan->windowEndUnixMs) : Time(), findings);
  const auto end = [](const visits::PlannedVisit& of) {
    return saturatingAdd(of.windowEndUnixMs, std::int64_t{of.durationMin} * kMinuteMs);
  };
  row.expectTime(columns.end, plan ? Time(end(*plan)) : Time(), findings);
}

// Not of before the office's log, where the moment is not known.
bool isPublished(const ProvedPlanVisit& plan) {
  return std::holds_alternative<visits::PlanPublished>(plan.decision.fact.decision);
}

// When the version was locked: 24 hours before its window, or with its publication. Of a version of
// before the office's log that is not known.
std::optional<std::int64_t> lockedAt(const ProvedPlanVisit& plan) {
  if (!isPublished(plan))
    return std::nullopt;
  return std::max(plan.decision.fact.decidedUnixMs,
                  saturatingSubtract(plan.visit.windowStartUnixMs, visits::kLockBeforeMs));
}

// A provider that takes a visit out of its plan before the lock leaves no plan to show.
bool isWithdrawn(const VisitCase& visit, const RecordRows& row) {
  return row.text(kFinal.start).empty() &&
         std::any_of(visit.plans.begin(), visit.plans.end(), [](const ProvedPlanVisit& plan) {
           return plan.visit.state == visits::VisitState::Cancelled;
         });
}

void checkLocked(const VisitCase& visit, RecordRows& row, Findings& findings) {
  const ProvedPlanVisit& judging = visit.plans.front();
  if (row.text("locked_plan_version").empty()) {
    checkTimes(kLocked, nullptr, row, findings);
    return row.expectTime("plan_locked_utc", std::nullopt, findings);
  }
  row.expectNumber("locked_plan_version", static_cast<std::int64_t>(judging.planVersion), findings);
  checkTimes(kLocked, isWithdrawn(visit, row) ? nullptr : &judging.visit, row, findings);
  if (const auto locked = lockedAt(judging))
    row.expectTime("plan_locked_utc", locked, findings);
}

void checkNewest(const VisitCase& visit, RecordRows& row, Findings& findings) {
  const ProvedPlanVisit& newest = *visit.newest();
  row.expectNumber("final_plan_version", static_cast<std::int64_t>(newest.planVersion), findings);
  checkTimes(kFinal, isWithdrawn(visit, row) ? nullptr : &newest.visit, row, findings);
  row.expectNumber("planned_min", newest.visit.durationMin, findings);
  row.expect("time_critical", newest.visit.timeCritical ? "true" : "false", findings);
  row.expectText("service_id", newest.visit.service, findings);
  row.expectText("visit_id", newest.visit.ref, findings);
  if (newest.visit.state != visits::VisitState::Cancelled)
    row.expect("cancelled_by", "", findings);
  const auto first = row.time("plan_first_published_utc");
  for (const ProvedPlanVisit& plan : visit.plans)
    if (isPublished(plan) && first && *first > plan.decision.fact.decidedUnixMs)
      row.differ("plan_first_published_utc", "a version was published before", findings);
}

// As many carers as the version in force at the latest start needs: one of those that are proved.
void checkCarers(const VisitCase& visit, RecordRows& row, Findings& findings) {
  const bool fits =
      std::any_of(visit.plans.begin(), visit.plans.end(), [&](const ProvedPlanVisit& plan) {
        return row.number("carers_required") == std::max(plan.visit.carersRequired, 1U);
      });
  if (!fits)
    row.expectNumber("carers_required", visit.plans.front().visit.carersRequired, findings);
}

// Shares are compared as shares, however they were written.
bool sameSplit(std::string_view said, std::string_view published) {
  measure_files::ColumnValue a, b;
  const measure_files::ColumnSpec column{"funder_split", measure_files::ValueKind::Funders};
  const auto equal = [](const measures::FunderShare& x, const measures::FunderShare& y) {
    return x.funder == y.funder && x.share == y.share;
  };
  return !measure_files::readColumnValue(column, said, a) &&
         !measure_files::readColumnValue(column, published, b) &&
         std::equal(a.funders.begin(), a.funders.end(), b.funders.begin(), b.funders.end(), equal);
}

std::string checkTerms(const VisitCase& visit, RecordRows& row, Findings& findings) {
  bool ofPerson = row.text("lot").empty() && row.text("tier").empty();
  bool ofLot = row.text("provider_role").empty();
  for (const wire::ProvedTerms& terms : visit.terms) {
    const evidence::TermsLeaf& leaf = terms.row;
    if (leaf.person != 0) {
      ofPerson = true;
      if (leaf.person != visit.plans.front().visit.person.value)
        row.differ("lot", "the terms that are proved are another person's", findings);
      row.expectText("lot", leaf.lot, findings);
      row.expectText("tier", leaf.tier, findings);
      if (!sameSplit(row.text("funder_split"), leaf.funderSplit))
        row.expect("funder_split", leaf.funderSplit, findings);
    } else if (row.text("lot") == leaf.lot || row.text("lot") == "'" + leaf.lot) {
      ofLot = true;
      row.expect("provider_role", leaf.role, findings);
    } else {
      row.differ("lot", "the terms that are proved are another lot's", findings);
    }
  }
  return ofPerson && ofLot ? "" : "terms of person or lot are of before the office's log";
}

}  // namespace

std::string checkPlan(const VisitCase& visit, RecordRows& row, Findings& findings) {
  checkLocked(visit, row, findings);
  checkNewest(visit, row, findings);
  checkCarers(visit, row, findings);
  return checkTerms(visit, row, findings);
}

}  // namespace doorstep::verify
