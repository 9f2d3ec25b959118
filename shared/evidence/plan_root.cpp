// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/plan_root.h"

#include <string>

#include "shared/crypto/sha256.h"
#include "shared/evidence/entry_chain.h"

namespace doorstep::evidence {
namespace {

constexpr std::string_view kPlanVisit = "doorstep/plan-visit/v1\n";
constexpr std::string_view kPlanTerms = "doorstep/plan-terms/v1\n";

std::string withLength(const std::string& text) { return bigEndian64(text.size()) + text; }

}  // namespace

// RFC 5869, as in EntrySalts.
PlanVisits::PlanVisits(std::string_view entrySalt)
    : key_(crypto::hmacSha256(std::string(sizeof(Hash::bytes), '\0'), {entrySalt})) {}

Hash PlanVisits::hashOf(VisitId visit, std::uint64_t planVersion, std::uint64_t wantedBy,
                        std::string_view bytes) const {
  const std::string id = bigEndian64(visit.value);
  const Hash salt = crypto::hmacSha256(key_.view(), {kPlanVisit, id, "\x01"});
  return crypto::sha256({kPlanVisit, salt.view().substr(0, kSaltBytes), id,
                         bigEndian64(planVersion), bigEndian64(wantedBy), bytes});
}

PlanTerms::PlanTerms(std::string_view entrySalt)
    : key_(crypto::hmacSha256(std::string(sizeof(Hash::bytes), '\0'), {entrySalt})) {}

Hash PlanTerms::hashOf(const TermsLeaf& leaf) const {
  const std::string id = bigEndian64(leaf.person);
  const Hash salt = crypto::hmacSha256(key_.view(), {kPlanTerms, id, "\x01"});
  const std::string numbers = bigEndian64(static_cast<std::uint64_t>(leaf.fromDay)) +
                              bigEndian64(leaf.madeVersion) + bigEndian64(leaf.replacedVersion) +
                              bigEndian64(leaf.contract);
  const std::string texts = withLength(leaf.lot) + withLength(leaf.role) + withLength(leaf.tier) +
                            withLength(leaf.funderSplit) + withLength(leaf.reason);
  return crypto::sha256({kPlanTerms, salt.view().substr(0, kSaltBytes), id, numbers, texts});
}

}  // namespace doorstep::evidence
