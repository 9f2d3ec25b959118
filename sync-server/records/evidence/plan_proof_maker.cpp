// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/plan_proof_maker.h"

#include <algorithm>
#include <functional>
#include <variant>

#include "shared/evidence/leaf_path.h"
#include "shared/evidence/plan_root.h"
#include "sync-server/records/tuning.h"
#include "sync-server/roster/plan_evidence.h"
#include "sync-server/roster/terms_evidence.h"

namespace doorstep::records {
namespace {

using event_log::DecisionKey;

const visits::OfficeOpened* openedIn(const visits::OfficeFact& fact) {
  return std::get_if<visits::OfficeOpened>(&fact.decision);
}

void write(const evidence::TermsLeaf& leaf, v1::TermsProof& message) {
  message.set_person_id(leaf.person);
  message.set_lot(leaf.lot);
  message.set_from_day(leaf.fromDay);
  message.set_made_version(leaf.madeVersion);
  message.set_replaced_version(leaf.replacedVersion);
  message.set_contract_id(leaf.contract);
  message.set_role(leaf.role);
  message.set_tier(leaf.tier);
  message.set_funder_split(leaf.funderSplit);
  message.set_reason(leaf.reason);
}

bool isSameRow(const evidence::TermsLeaf& a, const evidence::TermsLeaf& b) {
  return a.person == b.person && a.lot == b.lot && a.fromDay == b.fromDay &&
         a.madeVersion == b.madeVersion && a.replacedVersion == b.replacedVersion;
}

}  // namespace

Result<PlanProofMaker> PlanProofMaker::open(sql::Database& database, event_log::EventLog& log,
                                            ProviderId provider) {
  DOORSTEP_ASSIGN(auto prover, EntryProver::open(database, log, provider));
  return PlanProofMaker(database, provider, std::move(prover));
}

Result<std::optional<PlanProofMaker::Decision>> PlanProofMaker::findVersion(
    std::uint64_t planVersion) {
  DOORSTEP_ASSIGN(auto found, decisions_.find({DecisionKey::Kind::PlanPublished, 0, planVersion}));
  if (found)
    return found;
  DOORSTEP_ASSIGN(auto opened, decisions_.find({DecisionKey::Kind::Opened, 0, 0}));
  if (!opened || openedIn(opened->fact)->planVersion < planVersion)
    return std::optional<Decision>();
  return opened;
}

Status PlanProofMaker::forEachLeaf(
    const Decision& decision,
    const std::function<void(const roster::VisitVersion&, const Hash&)>& each) {
  const auto* opened = openedIn(decision.fact);
  const evidence::PlanVisits hashes(decision.salt);
  const auto take = [&](const roster::VisitVersion& row) -> Status {
    DOORSTEP_TRY(database_.goOn());
    if (opened != nullptr && row.planVersion > opened->planVersion)
      return kDone;
    const Hash hash = hashes.hashOf(row.visit, row.planVersion, row.wantedBy, row.bytes);
    each(row, evidence::leafHash(hash.view()));
    return kDone;
  };
  if (opened != nullptr)
    return roster::forEachVisitVersion(database_, provider_, take);
  const auto& plan = std::get<visits::PlanPublished>(decision.fact.decision);
  return roster::forEachVisitOf(database_, provider_, plan.planVersion, take);
}

Result<evidence::LeafPath::Path> PlanProofMaker::pathOf(const Decision& decision, VisitId visit,
                                                        std::uint64_t planVersion) {
  evidence::LeafPath leaves;
  DOORSTEP_TRY(forEachLeaf(decision, [&](const roster::VisitVersion& row, const Hash& leaf) {
    leaves.add(leaf, row.visit == visit && row.planVersion == planVersion);
  }));
  const auto path = leaves.path();
  if (!path)
    return decisionDiffers();
  return *path;
}

Result<const PlanProofMaker::VersionTree*> PlanProofMaker::treeOf(const Decision& decision) {
  const std::uint64_t key = decision.stored.position;
  const auto found = kept_->trees.find(key);
  if (found != kept_->trees.end())
    return &found->second;
  VersionTree tree;
  DOORSTEP_TRY(forEachLeaf(decision, [&](const roster::VisitVersion& row, const Hash& leaf) {
    tree.rows.emplace_back(row.visit, row.planVersion);
    tree.tree.add(leaf);
  }));
  tree.tree.close();
  if (kept_->trees.size() >= kTreesKept)
    kept_->trees.erase(kept_->trees.begin());
  return &kept_->trees.emplace(key, std::move(tree)).first->second;
}

Result<evidence::LeafPath::Path> PlanProofMaker::keptPath(const Decision& decision, VisitId visit,
                                                          std::uint64_t planVersion) {
  DOORSTEP_ASSIGN(const VersionTree* tree, treeOf(decision));
  const std::pair row(visit, planVersion);
  const auto found = std::lower_bound(tree->rows.begin(), tree->rows.end(), row);
  if (found == tree->rows.end() || *found != row)
    return decisionDiffers();
  return tree->tree.path(static_cast<std::uint64_t>(found - tree->rows.begin()));
}

Result<v1::PlanVisitProof> PlanProofMaker::visit(VisitId visit, std::uint64_t planVersion,
                                                 bool showsCarers) {
  DOORSTEP_ASSIGN(const auto decision, findVersion(planVersion));
  if (!decision)
    return decisionNotLogged();
  DOORSTEP_ASSIGN(const auto row, roster::visitOf(database_, provider_, visit, planVersion));
  if (!row)
    return decisionDiffers();
  const evidence::PlanVisits hashes(decision->salt);
  const auto leaf = hashes.leafOf(row->visit, row->planVersion, row->wantedBy, row->bytes);
  v1::PlanVisitProof proof;
  proof.set_visit_id(visit.value);
  proof.set_plan_version(planVersion);
  proof.set_wanted_by(static_cast<std::uint32_t>(leaf.wantedBy));
  proof.set_salt(leaf.salt);
  proof.set_visit(leaf.open);
  if (showsCarers) {
    proof.set_carers(evidence::splitVisit(row->bytes).carers);
    proof.set_carers_salt(hashes.carersSalt(visit));
  } else {
    proof.set_carers_hash(std::string(leaf.carersHash.view()));
  }
  DOORSTEP_ASSIGN(const auto path, kept_ ? keptPath(*decision, visit, planVersion)
                                         : pathOf(*decision, visit, planVersion));
  const auto* opened = openedIn(decision->fact);
  const Hash& root = opened != nullptr
                         ? opened->visitsRoot
                         : std::get<visits::PlanPublished>(decision->fact.decision).visitsRoot;
  if (path.root != root)
    return decisionDiffers();
  writePath(path, *proof.mutable_path());
  DOORSTEP_ASSIGN(*proof.mutable_decision(), decisions_.prove(*decision));
  return proof;
}

Status PlanProofMaker::addTerms(PersonId person, const std::string& lot, std::int64_t day,
                                v1::GetPlanProofsResponse& response) {
  DOORSTEP_ASSIGN(const auto asked, roster::termsRowOn(database_, provider_, person, lot, day));
  if (!asked)
    return kDone;
  const TermsKey key{asked->person, asked->lot, asked->fromDay, asked->madeVersion,
                     asked->replacedVersion};
  if (kept_) {
    const auto known = kept_->terms.find(key);
    if (known != kept_->terms.end()) {
      *response.add_terms() = known->second;
      return kDone;
    }
  }
  DOORSTEP_ASSIGN(const auto proof, termsProof(*asked));
  if (!proof)
    return kDone;
  *response.add_terms() = *proof;
  if (kept_) {
    if (kept_->terms.size() >= kTermsKept)
      kept_->terms.clear();
    kept_->terms.emplace(key, *proof);
  }
  return kDone;
}

Result<std::optional<v1::TermsProof>> PlanProofMaker::termsProof(const evidence::TermsLeaf& asked) {
  const std::optional<v1::TermsProof> none;
  DOORSTEP_ASSIGN(const auto decision, findVersion(asked.madeVersion));
  if (!decision)
    return none;
  const bool person = asked.person != 0;
  const auto kind = person ? roster::TermsKind::Persons : roster::TermsKind::Lots;
  const auto* opened = openedIn(decision->fact);
  const auto* plan = std::get_if<visits::PlanPublished>(&decision->fact.decision);
  const auto& root = opened != nullptr ? (person ? opened->termsRoot : opened->lotsRoot)
                                       : (person ? plan->termsRoot : plan->lotsRoot);
  if (opened != nullptr && !root)
    return none;  // the office's first fact is older than roots of terms
  const evidence::PlanTerms hashes(decision->salt);
  evidence::LeafPath leaves;
  const auto add = [&](const evidence::TermsLeaf& leaf) {
    leaves.add(evidence::leafHash(hashes.hashOf(leaf).view()), isSameRow(leaf, asked));
  };
  if (opened != nullptr) {
    DOORSTEP_TRY(
        roster::forEachTermsRow(database_, provider_, kind, [&](const auto& row) -> Status {
          if (const auto leaf = roster::leafBefore(opened->planVersion, row))
            add(*leaf);
          return database_.goOn();
        }));
  } else {
    DOORSTEP_TRY(roster::forEachTermsRowOf(
        database_, provider_, kind, plan->planVersion, [&](const auto& row) -> Status {
          for (const auto& leaf : roster::leavesOf(plan->planVersion, row))
            add(leaf);
          return database_.goOn();
        }));
  }
  const auto path = leaves.path();
  if (!path || path->root != root)
    return decisionDiffers();
  v1::TermsProof proof;
  write(asked, proof);
  proof.set_salt(hashes.saltOf(asked));
  writePath(*path, *proof.mutable_path());
  DOORSTEP_ASSIGN(*proof.mutable_decision(), decisions_.prove(*decision));
  return std::optional(std::move(proof));
}

Status PlanProofMaker::addRules(ContractId contract, std::uint32_t ruleVersion,
                                v1::GetPlanProofsResponse& response) {
  DOORSTEP_ASSIGN(const auto decision,
                  decisions_.find({DecisionKey::Kind::RulesSet, contract.value, ruleVersion}));
  if (!decision)
    return kDone;
  v1::RulesProof& proof = *response.mutable_rules();
  proof.set_contract_id(contract.value);
  proof.set_rule_version(ruleVersion);
  DOORSTEP_ASSIGN(*proof.mutable_decision(), decisions_.prove(*decision));
  return kDone;
}

}  // namespace doorstep::records
