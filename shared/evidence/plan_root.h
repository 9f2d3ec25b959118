// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "shared/core/bytes.h"
#include "shared/core/strong_id.h"
#include "shared/evidence/merkle_tree.h"

namespace doorstep::evidence {

// What the fact of a plan version commits to (docs/sync-protocol.md, "Bytes that are hashed"):
//
//   visit salt  = HKDF-SHA-256(entry salt, info "doorstep/plan-visit/v1\n" + visit id), 16 bytes
//   visit hash  = SHA-256("doorstep/plan-visit/v1\n" + visit salt + visit id + plan version
//                         + wanted by + encoded roster.v1.Visit as published)
//   visits root = Merkle root (RFC 6962) whose leaf data are the visit hashes, by visit id
//
// The entry salt is never in a proof. One visit can be disclosed by its salt and the hashes of the
// others, and a visit that was erased with its salt reveals nothing. Thread: one.
class PlanVisits {
 public:
  // entrySalt: of the entry that contains the fact.
  explicit PlanVisits(std::string_view entrySalt);

  // wantedBy: the numeric value of visits::WantedBy.
  Hash hashOf(VisitId visit, std::uint64_t planVersion, std::uint64_t wantedBy,
              std::string_view bytes) const;

 private:
  Hash key_;  // HKDF's pseudorandom key
};

// The root over visit hashes, added in order of visit id.
class VisitsRoot {
 public:
  void add(const Hash& visit) { frontier_.append(leafHash(visit.view())); }
  std::uint64_t visits() const { return frontier_.size(); }
  Hash root() const { return frontier_.root(); }

 private:
  Frontier frontier_;
};

}  // namespace doorstep::evidence
