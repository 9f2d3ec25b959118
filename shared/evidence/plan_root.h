// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
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

// A row of a person's terms or of a contract's lots, as a plan version wrote it or put another in
// its place.
struct TermsLeaf {
  std::uint64_t person = 0;  // 0: a lot of a contract
  std::string lot;
  std::int64_t fromDay = 0;
  std::uint64_t madeVersion = 0;
  std::uint64_t replacedVersion = 0;  // 0: as it was made
  std::uint64_t contract = 0;
  std::string role;
  std::string tier;
  std::string funderSplit;
  std::string reason;
};

// What a plan version's fact commits to of terms and lots (docs/sync-protocol.md, "Bytes that are
// hashed"): as for visits, a Merkle root over one salted hash for each row. Thread: one.
class PlanTerms {
 public:
  explicit PlanTerms(std::string_view entrySalt);

  Hash hashOf(const TermsLeaf& leaf) const;

 private:
  Hash key_;
};

// The root over hashes that come in the order of their visits, or rows.
class VisitsRoot {
 public:
  void add(const Hash& visit) { frontier_.append(leafHash(visit.view())); }
  std::uint64_t visits() const { return frontier_.size(); }
  Hash root() const { return frontier_.root(); }

 private:
  Frontier frontier_;
};

}  // namespace doorstep::evidence
