// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/decision_files.h"

#include <utility>

#include "tools/verify/limits.h"

namespace doorstep::verify {
namespace {

constexpr std::string_view kDecisions = "decisions/";
constexpr std::string_view kPriors = "priors/";

}  // namespace

void DecisionFiles::name(const std::string& file) {
  if (bundle_.has(file) && named_.insert(file).second && file.starts_with(kDecisions))
    ++decisions_;
}

Result<std::string> DecisionFiles::text(const std::string& name) const {
  if (!bundle_.has(name))
    return Error{ErrorCode::InvalidArgument, "FILE_MISSING", oneLine(name) + " is not there"};
  return bundle_.read(name, kProofBytesMax);
}

Result<wire::ProvedDecision> DecisionFiles::decision(ProviderId provider, const std::string& name) {
  if (newest_ && newestName_ == name && newest_->provider == provider)
    return *newest_;
  const BundleLog* log = bundle_.log(provider);
  if (log == nullptr)
    return Error{ErrorCode::InvalidArgument, "LOG_UNKNOWN",
                 "the manifest has no log of this provider"};
  DOORSTEP_ASSIGN(const std::string proof, text(name));
  DOORSTEP_ASSIGN(auto decision, wire::readDecisionProof(proof, log->verifier));
  if (!isOffices(provider, decision))
    return Error{ErrorCode::InvalidArgument, "DECISION_FOREIGN",
                 "it is another office's, or against another checkpoint"};
  newestName_ = name;
  newest_ = decision;
  return decision;
}

bool DecisionFiles::isOffices(ProviderId provider, const wire::ProvedDecision& decision) {
  const BundleLog* log = bundle_.log(provider);
  if (log == nullptr || decision.provider != provider || decision.logSize != log->checkpoint.size)
    return false;
  const auto [office, isNew] = offices_.emplace(provider, decision.officeKeySpki);
  if (office->second != decision.officeKeySpki)
    return false;
  numbers_[provider].insert(decision.n);
  return true;
}

std::uint64_t DecisionFiles::between() const {
  std::uint64_t missing = 0;
  for (const auto& [provider, known] : numbers_)
    missing += *known.rbegin() - *known.begin() + 1 - known.size();
  return missing;
}

std::vector<std::string> DecisionFiles::unnamed() const {
  std::vector<std::string> found;
  for (const std::string& file : bundle_.files())
    if ((file.starts_with(kDecisions) || file.starts_with(kPriors)) && !named_.contains(file))
      found.push_back(file);
  return found;
}

}  // namespace doorstep::verify
