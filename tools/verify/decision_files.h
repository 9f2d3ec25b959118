// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "shared/wire/plan_proof.h"
#include "tools/verify/bundle.h"

namespace doorstep::verify {

// The files with decisions of offices, as the evidence names them: who signed for each office, how
// many of its entries are not shown, and which files nothing names. Thread: one.
class DecisionFiles {
 public:
  explicit DecisionFiles(const Bundle& bundle) : bundle_(bundle) {}

  // Something names the file.
  void name(const std::string& file);
  // What a file has that something names. Error FILE_MISSING, FILE_READ.
  Result<std::string> text(const std::string& name) const;
  // The decision that it proves, of the provider's office and against the manifest's checkpoint.
  // The one read last is kept. Errors: those of wire::readDecisionProof; DECISION_FOREIGN.
  Result<wire::ProvedDecision> decision(ProviderId provider, const std::string& name);
  // Whether a proved decision is of the provider's one office and against the log's checkpoint.
  bool isOffices(ProviderId provider, const wire::ProvedDecision& decision);

  // Keys that decisions are signed with, by provider: each has one.
  const std::map<ProviderId, std::string>& offices() const { return offices_; }
  // Files of decisions that were named.
  std::size_t count() const { return decisions_; }
  // Entries of offices, between the first and the last of each that is shown, that are not in the
  // bundle.
  std::uint64_t between() const;
  // Files of decisions and earlier starts that no evidence names.
  std::vector<std::string> unnamed() const;

 private:
  const Bundle& bundle_;
  std::set<std::string> named_;
  std::size_t decisions_ = 0;
  std::map<ProviderId, std::string> offices_;
  std::map<ProviderId, std::set<std::uint64_t>> numbers_;  // of entries
  std::string newestName_;
  std::optional<wire::ProvedDecision> newest_;
};

}  // namespace doorstep::verify
