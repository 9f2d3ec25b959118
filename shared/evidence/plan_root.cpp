// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/plan_root.h"

#include <string>

#include "shared/crypto/sha256.h"
#include "shared/evidence/entry_chain.h"

namespace doorstep::evidence {
namespace {

constexpr std::string_view kPlanVisit = "doorstep/plan-visit/v1\n";

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

}  // namespace doorstep::evidence
