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
#include "tools/verify/decision_files.h"
#include "tools/verify/entry_proofs.h"

namespace doorstep::verify {

// What the office said of a slot.
struct SlotDecision {
  std::uint32_t slot = 0;
  visits::OfficeFact fact;
};

// Where a slot's carer started at the same person before, at a visit that is not in the file.
struct PriorStart {
  std::uint32_t slot = 0;
  std::string missing;  // why it is not proved; the rest is empty then
  DeviceId device;
  CarerId carer;  // as the entry names her
  // Ruled, with and without the bound of the entry that the phone named.
  std::int64_t boundedUnixMs = 0;
  std::int64_t unboundedUnixMs = 0;
};

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
  std::string commissionedMissing;
  std::vector<SlotDecision> adjustments;  // by slot and revision
  std::string adjustmentsMissing;
  std::vector<PriorStart> priors;
  bool broken = false;  // one of its proofs does not hold: a finding was made

  const wire::ProvedPlanVisit* version(std::uint64_t number) const;
  // The newest version. nullptr: no plan.
  const wire::ProvedPlanVisit* newest() const;
};

// A finding about the visit, at its line.
std::string placed(const VisitCase& visit, const std::string& message);

// The cases of a bundle, by provider and ref. Thread: one.
class VisitCases {
 public:
  // Error: a line that is no evidence of a visit, with its place.
  static Result<VisitCases> read(const Bundle& bundle, const EntryProofs& entries,
                                 DecisionFiles& decisions, Findings& findings);

  const VisitCase* find(ProviderId provider, const std::string& ref) const;
  // The case that has this id among its names.
  const VisitCase* named(ProviderId provider, VisitId visit) const;
  const std::map<std::pair<ProviderId, std::string>, VisitCase>& all() const { return cases_; }

 private:
  VisitCases() = default;

  std::map<std::pair<ProviderId, std::string>, VisitCase> cases_;
  std::map<std::pair<ProviderId, VisitId>, const VisitCase*> named_;
};

}  // namespace doorstep::verify
