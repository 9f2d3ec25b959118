// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "doorstep/records/v1/bundle.pb.h"
#include "tools/verify/visit_cases.h"

namespace doorstep::verify {

// The parts of a line of evidence.jsonl, read into a visit's case with their proofs checked. What
// does not hold is a finding, and the case is broken. Thread: one.
class CaseReader {
 public:
  CaseReader(const Bundle& bundle, const EntryProofs& entries, DecisionFiles& decisions,
             Findings& findings)
      : bundle_(bundle), entries_(entries), decisions_(decisions), findings_(findings) {}

  // The visit's names and entries, without what is proved of it.
  VisitCase begin(const doorstep::records::v1::VisitEvidence& evidence, std::size_t line);
  void readPlan(doorstep::records::v1::VisitEvidence& evidence, VisitCase& made);
  // After readPlan.
  void readAdjustments(const doorstep::records::v1::VisitEvidence& evidence, VisitCase& made);
  void readPriors(doorstep::records::v1::VisitEvidence& evidence, VisitCase& made);

 private:
  void wrong(VisitCase& made, const std::string& what);
  void wrongProof(VisitCase& made, const char* of, const Error& error);
  Status restoreDecisions(doorstep::records::v1::VisitEvidence& evidence);
  Status readPrior(doorstep::records::v1::PriorVisit& prior, const VisitCase& made,
                   PriorStart& start);

  const Bundle& bundle_;
  const EntryProofs& entries_;
  DecisionFiles& decisions_;
  Findings& findings_;
};

}  // namespace doorstep::verify
