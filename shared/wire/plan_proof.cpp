// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/plan_proof.h"

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "shared/evidence/entry_chain.h"
#include "shared/evidence/merkle_tree.h"
#include "shared/wire/office_fact_codec.h"
#include "shared/wire/plan_codec.h"
#include "shared/wire/proof_extra.h"

namespace doorstep::wire {
namespace {

namespace pb = doorstep::records::v1;

constexpr int kPathMax = 64;  // a tree has at most 2^64 leaves

Error wrong(const char* what) { return {ErrorCode::InvalidArgument, "PLAN_PROOF_FORMAT", what}; }
Error notDecided(const char* what) {
  return {ErrorCode::InvalidArgument, "PLAN_PROOF_DECISION", what};
}
Error otherRoot(const char* what) { return {ErrorCode::InvalidArgument, "PLAN_PROOF_ROOT", what}; }

// The one event that the entry shows.
Result<visits::Event> shownEvent(const ProvedEntry& entry) {
  std::optional<visits::Event> shown;
  for (const ProvedEvent& event : entry.events) {
    if (event.event && shown)
      return notDecided("the entry shows more than one event");
    if (event.event)
      shown = event.event;
  }
  if (!shown)
    return notDecided("the entry shows no event");
  return *shown;
}

Status checkPath(const pb::MerklePath& path, const Hash& leaf, const Hash& root) {
  if (path.hashes_size() > kPathMax)
    return wrong("a path has more than 64 hashes");
  std::vector<Hash> hashes;
  for (const std::string& each : path.hashes()) {
    DOORSTEP_ASSIGN(hashes.emplace_back(), hashFromBytes(each));
  }
  const Status included = evidence::verifyInclusion(evidence::leafHash(leaf.view()),
                                                    path.position(), path.size(), hashes, root);
  if (!included.ok())
    return otherRoot("the path does not lead from what is shown to the root");
  return kDone;
}

Result<Hash> carersHashOf(const pb::PlanVisitProof& proof) {
  if (!proof.has_carers()) {
    if (proof.carers_hash().size() != sizeof(Hash::bytes))
      return wrong("neither carers nor carers_hash");
    return hashFromBytes(proof.carers_hash());
  }
  if (proof.carers_salt().size() != evidence::kSaltBytes)
    return wrong("carers_salt has not 16 bytes");
  return evidence::carersHash(proof.carers_salt(), proof.carers());
}

// What the shown parts say, where each part has the fields that belong in it.
Result<visits::PlannedVisit> visitOf(const pb::PlanVisitProof& proof) {
  if (evidence::splitVisit(proof.visit()).open != proof.visit() ||
      evidence::splitVisit(proof.carers()).carers != proof.carers())
    return wrong("a field of the visit stands in the wrong part");
  DOORSTEP_ASSIGN(auto visit,
                  decodeVisit(VisitId(proof.visit_id()), proof.visit() + proof.carers()));
  if (visit.planVersion != proof.plan_version())
    return wrong("the visit is of another plan version");
  return visit;
}

// The root over the visits that the version belongs to.
Result<Hash> visitsRoot(const pb::PlanVisitProof& proof, const visits::OfficeFact& fact) {
  if (const auto* opened = std::get_if<visits::OfficeOpened>(&fact.decision)) {
    if (proof.plan_version() > opened->planVersion)
      return notDecided("the version is younger than what the decision is about");
    return opened->visitsRoot;
  }
  const auto* plan = std::get_if<visits::PlanPublished>(&fact.decision);
  if (plan == nullptr || plan->planVersion != proof.plan_version())
    return notDecided("the decision is not about this plan version");
  const std::uint64_t visits =
      std::uint64_t{plan->visitsNew} + plan->visitsChanged + plan->visitsCancelled;
  if (proof.path().size() != visits)
    return otherRoot("the version has another number of visits");
  return plan->visitsRoot;
}

// The root over the rows that the row belongs to.
Result<std::optional<Hash>> termsRoot(const evidence::TermsLeaf& row,
                                      const visits::OfficeFact& fact) {
  if (const auto* opened = std::get_if<visits::OfficeOpened>(&fact.decision)) {
    if (row.madeVersion > opened->planVersion)
      return notDecided("the row is younger than what the decision is about");
    return row.person != 0 ? opened->termsRoot : opened->lotsRoot;
  }
  const auto* plan = std::get_if<visits::PlanPublished>(&fact.decision);
  const std::uint64_t version = row.replacedVersion != 0 ? row.replacedVersion : row.madeVersion;
  if (plan == nullptr || plan->planVersion != version)
    return notDecided("the decision is not about this row's plan version");
  return row.person != 0 ? plan->termsRoot : plan->lotsRoot;
}

}  // namespace

Result<ProvedDecision> readDecisionProof(const std::string& tlogProof,
                                         const evidence::NoteVerifier& log) {
  DOORSTEP_ASSIGN(const auto parsed, evidence::parseTlogProof(tlogProof));
  DOORSTEP_ASSIGN(const auto entry, readProofExtra(parsed.extra));
  DOORSTEP_TRY(evidence::verifyTlogProof(parsed, entry.leafData, log));
  DOORSTEP_ASSIGN(const auto note, evidence::openNote(parsed.checkpointNote, log));
  DOORSTEP_ASSIGN(const auto checkpoint, evidence::parseCheckpoint(note));
  DOORSTEP_ASSIGN(const auto event, shownEvent(entry));
  const auto* bytes = std::get_if<visits::UnknownFact>(&event.fact);
  if (event.subjectKind != visits::SubjectKind::Office || bytes == nullptr)
    return notDecided("the entry is no office's");
  ProvedDecision decision{.provider = ProviderId(event.otherSubject),
                          .office = entry.device,
                          .officeKeySpki = entry.signingKeySpki,
                          .position = parsed.position,
                          .n = entry.entry ? entry.entry->n : 0,
                          .logSize = checkpoint.size};
  DOORSTEP_ASSIGN(decision.fact, decodeOfficeFact(bytes->bytes));
  if (!entry.arrival)
    return notDecided("it is not shown when the decision came into the log");
  decision.receivedUnixMs = entry.arrival->receivedUnixMs;
  if (decision.fact.decidedUnixMs > decision.receivedUnixMs)
    return notDecided("it says that it was decided after it came into the log");
  return decision;
}

Result<ProvedPlanVisit> readPlanVisitProof(const pb::PlanVisitProof& proof,
                                           const evidence::NoteVerifier& log) {
  ProvedPlanVisit proved{.decision = {},
                         .planVersion = proof.plan_version(),
                         .wantedBy = proof.wanted_by(),
                         .visit = {},
                         .showsCarers = proof.has_carers()};
  DOORSTEP_ASSIGN(proved.decision, readDecisionProof(proof.decision().tlog_proof(), log));
  DOORSTEP_ASSIGN(const Hash root, visitsRoot(proof, proved.decision.fact));
  if (proof.salt().size() != evidence::kSaltBytes)
    return wrong("salt has not 16 bytes");
  DOORSTEP_ASSIGN(const Hash carers, carersHashOf(proof));
  const evidence::PlanVisitLeaf leaf{VisitId(proof.visit_id()),
                                     proof.plan_version(),
                                     proof.wanted_by(),
                                     proof.salt(),
                                     proof.visit(),
                                     carers};
  DOORSTEP_TRY(checkPath(proof.path(), evidence::planVisitHash(leaf), root));
  DOORSTEP_ASSIGN(proved.visit, visitOf(proof));
  return proved;
}

Result<ProvedRules> readRulesProof(const pb::RulesProof& proof, const evidence::NoteVerifier& log) {
  ProvedRules proved;
  DOORSTEP_ASSIGN(proved.decision, readDecisionProof(proof.decision().tlog_proof(), log));
  const auto* rules = std::get_if<visits::RulesSet>(&proved.decision.fact.decision);
  if (rules == nullptr || rules->contract.value != proof.contract_id() ||
      rules->ruleVersion != proof.rule_version())
    return notDecided("the decision is not about this version of the contract's rules");
  proved.rules = *rules;
  return proved;
}

Result<ProvedTerms> readTermsProof(const pb::TermsProof& proof, const evidence::NoteVerifier& log) {
  ProvedTerms proved;
  DOORSTEP_ASSIGN(proved.decision, readDecisionProof(proof.decision().tlog_proof(), log));
  proved.row = {
      proof.person_id(),        proof.lot(),         proof.from_day(), proof.made_version(),
      proof.replaced_version(), proof.contract_id(), proof.role(),     proof.tier(),
      proof.funder_split(),     proof.reason()};
  DOORSTEP_ASSIGN(const auto root, termsRoot(proved.row, proved.decision.fact));
  if (!root)
    return notDecided("the decision commits to no such rows");
  if (proof.salt().size() != evidence::kSaltBytes)
    return wrong("salt has not 16 bytes");
  DOORSTEP_TRY(checkPath(proof.path(), evidence::planTermsHash(proof.salt(), proved.row), *root));
  return proved;
}

Result<ProvedCommissionedRow> readCommissionedProof(const pb::CommissionedRowProof& proof,
                                                    ProvedDecision decision) {
  ProvedCommissionedRow proved;
  proved.decision = std::move(decision);
  const auto* rows = std::get_if<visits::CommissionedRows>(&proved.decision.fact.decision);
  if (rows == nullptr || static_cast<std::uint32_t>(rows->kind) != proof.kind() ||
      rows->commissioningVersion != proof.made_version())
    return notDecided("the decision is not about this row's kind and version");
  proved.row = {proof.kind(),
                proof.subject_id(),
                proof.name(),
                proof.from_day(),
                proof.until_day(),
                proof.made_version(),
                0,
                proof.reason(),
                proof.content()};
  if (proof.salt().size() != evidence::kSaltBytes)
    return wrong("salt has not 16 bytes");
  DOORSTEP_TRY(
      checkPath(proof.path(), evidence::commissionedHash(proof.salt(), proved.row), rows->root));
  return proved;
}

}  // namespace doorstep::wire
