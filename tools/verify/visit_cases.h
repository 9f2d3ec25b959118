// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "shared/wire/plan_proof.h"
#include "tools/verify/bundle.h"

namespace doorstep::verify {

// What the bundle has of one visit: a line of evidence.jsonl with its proofs checked.
struct VisitCase {
  std::size_t line = 0;
  ProviderId provider;
  VisitId visit;
  std::string ref;  // as visits.csv has it
  std::vector<VisitId> names;
  std::map<std::uint64_t, std::string> carerOf;  // by position of the entry
  // The version that judges first. Empty: no proof of its plan holds.
  std::vector<wire::ProvedPlanVisit> plans;
  std::optional<wire::ProvedRules> rules;
  std::vector<wire::ProvedTerms> terms;
  std::string planMissing;  // why plans is empty
  bool broken = false;      // one of its proofs does not hold: a finding was made

  const wire::ProvedPlanVisit* version(std::uint64_t number) const;
  // The newest version. nullptr: no plan.
  const wire::ProvedPlanVisit* newest() const;
};

// The cases of a bundle, by provider and ref, and who signed for the offices. Thread: one.
class VisitCases {
 public:
  // Error: a line that is no evidence of a visit, with its place.
  static Result<VisitCases> read(const Bundle& bundle, Findings& findings);

  const VisitCase* find(ProviderId provider, const std::string& ref) const;
  // The case that has this id among its names.
  const VisitCase* named(ProviderId provider, VisitId visit) const;
  const std::map<std::pair<ProviderId, std::string>, VisitCase>& all() const { return cases_; }
  // Keys that decisions are signed with, by provider: each has one.
  const std::map<ProviderId, std::string>& offices() const { return offices_; }
  std::size_t decisions() const { return decisions_.size(); }

 private:
  void add(const Bundle& bundle, doorstep::records::v1::VisitEvidence& evidence, std::size_t line,
           Findings& findings);
  void readPlan(const Bundle& bundle, doorstep::records::v1::VisitEvidence& evidence,
                VisitCase& made, Findings& findings);
  bool isOffices(const VisitCase& made, const wire::ProvedDecision& decision, const BundleLog& log);

  std::map<std::pair<ProviderId, std::string>, VisitCase> cases_;
  std::map<std::pair<ProviderId, VisitId>, const VisitCase*> named_;
  std::map<ProviderId, std::string> offices_;
  std::set<std::string> decisions_;
};

}  // namespace doorstep::verify
