// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/slot_evidence.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

#include "shared/core/local_time.h"
#include "sync-server/adjustments/adjustment_store.h"

namespace doorstep::records {
namespace {

using adjustments::Adjustment;
using adjustments::AdjustmentKind;
using event_log::DecisionKey;

// Moves what the decision's proof is to its file.
Status moveDecision(v1::EntryProof& decision, BundleLog& log, v1::VisitEvidence& evidence) {
  DOORSTEP_ASSIGN(*evidence.add_decisions(), log.addDecision(decision));
  decision.clear_tlog_proof();
  return kDone;
}

}  // namespace

Status addPlanEvidence(const SlotRecord& record, BundleLog& log, v1::VisitEvidence& evidence) {
  v1::GetPlanProofsResponse& plan = *evidence.mutable_plan();
  PlanProofMaker& plans = log.plans();
  const visits::PlanLock& lock = record.plan.lock;
  std::set<std::uint64_t> made;
  for (const std::uint64_t version : {lock.judging, lock.standing, record.visit.planVersion}) {
    if (!made.insert(version).second)
      continue;
    DOORSTEP_ASSIGN(*plan.add_visits(), plans.visit(record.visit.id, version, false));
  }
  const std::int64_t day = londonDayNumber(record.plan.plan.windowStartUnixMs);
  DOORSTEP_TRY(plans.addTerms(record.visit.person, {}, day, plan));
  DOORSTEP_TRY(plans.addTerms({}, record.terms.lot, day, plan));
  if (record.contract != nullptr)
    DOORSTEP_TRY(plans.addRules(record.contract->id, record.ruleVersion, plan));
  for (v1::PlanVisitProof& proof : *plan.mutable_visits())
    DOORSTEP_TRY(moveDecision(*proof.mutable_decision(), log, evidence));
  if (plan.has_rules())
    DOORSTEP_TRY(moveDecision(*plan.mutable_rules()->mutable_decision(), log, evidence));
  for (v1::TermsProof& proof : *plan.mutable_terms())
    DOORSTEP_TRY(moveDecision(*proof.mutable_decision(), log, evidence));
  return kDone;
}

Status addAdjustmentEvidence(sql::Database& database, const SlotRecord& record, BundleLog& log,
                             v1::VisitEvidence& evidence) {
  DOORSTEP_ASSIGN(auto rows,
                  adjustments::adjustmentsOfVisit(database, record.provider, record.visit.id));
  std::sort(rows.begin(), rows.end(), [](const Adjustment& a, const Adjustment& b) {
    return std::tie(a.slot, a.revision) < std::tie(b.slot, b.revision);
  });
  std::vector<v1::EntryProof> proofs;  // all of them, or no file is written
  for (const Adjustment& row : rows) {
    const DecisionKey key{row.kind == AdjustmentKind::Explained ? DecisionKey::Kind::SlotExplained
                                                                : DecisionKey::Kind::TimeAdjusted,
                          row.visit.value, event_log::versionOfSlot(row.slot, row.revision)};
    DOORSTEP_ASSIGN(const auto decision, log.decisions().find(key));
    if (!decision)
      return decisionNotLogged();
    if (!decision->fact.reasonText.empty())
      return Error{ErrorCode::FailedPrecondition, "NOTE_IN_DECISION",
                   "the decision cannot be shown without its note"};
    DOORSTEP_ASSIGN(proofs.emplace_back(), log.decisions().prove(*decision));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    v1::BundledAdjustment& shown = *evidence.add_adjustments();
    shown.set_slot(rows[i].slot);
    shown.set_revision(rows[i].revision);
    DOORSTEP_ASSIGN(*shown.mutable_decision(), log.addDecision(proofs[i]));
  }
  return kDone;
}

}  // namespace doorstep::records
