// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "doorstep/records/v1/bundle.pb.h"
#include "doorstep/records/v1/records_service.pb.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/evidence/checkpoint.h"
#include "shared/evidence/plan_root.h"
#include "shared/visits/office_fact.h"
#include "shared/visits/plan.h"

namespace doorstep::wire {

// Checks the proofs of records.v1.GetPlanProofsResponse as a stranger does: with the message, the
// log's verifier key, and nothing of ours. What the office published then is what is returned; the
// caller compares the office's key and the ids with those that it knows. docs/sync-protocol.md,
// "Proof of a planned visit", is the definition. Thread: any.
//
// Errors of all: those of evidence::parseTlogProof, readProofExtra and evidence::verifyTlogProof;
// PLAN_PROOF_FORMAT with the fault in its text; PLAN_PROOF_DECISION when the entry does not show
// the one decision that the rest needs; PLAN_PROOF_ROOT when the shown content is not what the
// decision commits to.

// A decision of an office in a provider's log.
struct ProvedDecision {
  ProviderId provider;
  DeviceId office;
  std::string officeKeySpki;  // key that signed it; compare with the known key
  std::uint64_t position = 0;
  std::uint64_t n = 0;        // counts the office's entries
  std::uint64_t logSize = 0;  // of the checkpoint: the decision was in the log no later
  // By the server's clock, bound by the leaf. The fact's own decidedUnixMs is not after it.
  std::int64_t receivedUnixMs = 0;
  visits::OfficeFact fact;
};
// tlogProof: c2sp.org/tlog-proof@v1 of an office's entry with one event shown.
Result<ProvedDecision> readDecisionProof(const std::string& tlogProof,
                                         const evidence::NoteVerifier& log);

struct ProvedPlanVisit {
  ProvedDecision decision;  // PlanPublished of the version, or OfficeOpened: of before the log
  std::uint64_t planVersion = 0;
  std::uint64_t wantedBy = 0;
  visits::PlannedVisit visit;  // without slots when the carers are not shown
  bool showsCarers = false;
};
Result<ProvedPlanVisit> readPlanVisitProof(const doorstep::records::v1::PlanVisitProof& proof,
                                           const evidence::NoteVerifier& log);

struct ProvedRules {
  ProvedDecision decision;
  visits::RulesSet rules;
};
Result<ProvedRules> readRulesProof(const doorstep::records::v1::RulesProof& proof,
                                   const evidence::NoteVerifier& log);

struct ProvedTerms {
  ProvedDecision decision;  // as of ProvedPlanVisit
  evidence::TermsLeaf row;
};
Result<ProvedTerms> readTermsProof(const doorstep::records::v1::TermsProof& proof,
                                   const evidence::NoteVerifier& log);

struct ProvedCommissionedRow {
  ProvedDecision decision;  // CommissionedRows of the row's kind and version
  evidence::CommissionedLeaf row;
};
// decision: what the file that proof.decision names shows.
Result<ProvedCommissionedRow> readCommissionedProof(
    const doorstep::records::v1::CommissionedRowProof& proof, ProvedDecision decision);

}  // namespace doorstep::wire
