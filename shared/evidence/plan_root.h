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
//   carers salt = HKDF-SHA-256(entry salt, info "doorstep/plan-carers/v1\n" + visit id), 16 bytes
//   carers hash = SHA-256("doorstep/plan-carers/v1\n" + carers salt + carers)
//   visit hash  = SHA-256("doorstep/plan-visit/v1\n" + visit salt + visit id + plan version
//                         + wanted by + carers hash + open)
//   visits root = Merkle root (RFC 6962) whose leaf data are the visit hashes, by visit id
//
// `open` and `carers` are the encoded roster.v1.Visit as published, cut in two (splitVisit), so
// that a council is shown window and length and not who was to come. The entry salt is never in a
// proof. One visit can be disclosed by its salt and the hashes of the others, and a visit that was
// erased with its salt reveals nothing.

// An encoded roster.v1.Visit: the fields that whoever may see the visit may see, and the others,
// each as encoded and in its order. Bytes that cannot be read as fields are not shown at all.
struct SplitVisit {
  std::string open;
  std::string carers;  // field 8 (who comes) and every field from kHiddenFieldsFrom on
};
constexpr std::uint64_t kHiddenFieldsFrom = 64;  // for fields of later releases
SplitVisit splitVisit(std::string_view bytes);

// One visit of a plan version as it is hashed.
struct PlanVisitLeaf {
  VisitId visit;
  std::uint64_t planVersion = 0;
  std::uint64_t wantedBy = 0;  // the numeric value of visits::WantedBy
  std::string salt;
  std::string open;
  Hash carersHash;
};
Hash carersHash(std::string_view salt, std::string_view carers);
Hash planVisitHash(const PlanVisitLeaf& leaf);

// Salts and hashes of the visits of one plan version. Thread: one.
class PlanVisits {
 public:
  // entrySalt: of the entry that contains the fact.
  explicit PlanVisits(std::string_view entrySalt);

  std::string carersSalt(VisitId visit) const;
  // bytes: the visit as published.
  PlanVisitLeaf leafOf(VisitId visit, std::uint64_t planVersion, std::uint64_t wantedBy,
                       std::string_view bytes) const;
  Hash hashOf(VisitId visit, std::uint64_t planVersion, std::uint64_t wantedBy,
              std::string_view bytes) const {
    return planVisitHash(leafOf(visit, planVersion, wantedBy, bytes));
  }

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
Hash planTermsHash(std::string_view salt, const TermsLeaf& leaf);

// What a plan version's fact commits to of terms and lots (docs/sync-protocol.md, "Bytes that are
// hashed"): as for visits, a Merkle root over one salted hash for each row. Thread: one.
class PlanTerms {
 public:
  explicit PlanTerms(std::string_view entrySalt);

  // Each row has its own, so that who is shown one cannot guess the others from their hashes.
  std::string saltOf(const TermsLeaf& leaf) const;
  Hash hashOf(const TermsLeaf& leaf) const { return planTermsHash(saltOf(leaf), leaf); }

 private:
  Hash key_;
};

// A row of what is commissioned, as a version wrote it or put another in its place.
struct CommissionedLeaf {
  std::uint64_t kind = 0;     // number of its field in roster.v1.OfficeFact
  std::uint64_t subject = 0;  // id of the person, contract or council; 0: the provider
  std::string name;
  std::int64_t fromDay = 0;
  std::int64_t untilDay = 0;  // 0: none
  std::uint64_t madeVersion = 0;
  std::uint64_t replacedVersion = 0;  // 0: as it was made
  std::string reason;
  std::string content;  // the encoded message of doorstep.commissioning.v1, as written
};
Hash commissionedHash(std::string_view salt, const CommissionedLeaf& leaf);

// What facts of what is commissioned commit to (docs/sync-protocol.md, "Bytes that are hashed"): a
// Merkle root over one salted hash for each row. Thread: one.
class CommissionedHashes {
 public:
  explicit CommissionedHashes(std::string_view entrySalt);

  std::string saltOf(const CommissionedLeaf& leaf) const;
  Hash hashOf(const CommissionedLeaf& leaf) const { return commissionedHash(saltOf(leaf), leaf); }

 private:
  Hash key_;
};

// What a fact says of the note to an adjustment (docs/sync-protocol.md, "Bytes that are hashed"):
// its hash with a salt of its own, so that the decision can be shown without the note. entrySalt:
// of the entry that contains the fact.
Hash adjustmentNoteHash(std::string_view entrySalt, VisitId visit, std::uint32_t slot,
                        std::uint32_t revision, std::string_view note);

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
