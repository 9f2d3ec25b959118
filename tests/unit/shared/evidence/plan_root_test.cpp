// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/plan_root.h"

#include <catch2/catch.hpp>

#include "shared/crypto/sha256.h"

namespace doorstep::evidence {
namespace {

const std::string kSalt(16, 's');

TEST_CASE(
    "a visit's hash says which visit, version, who wanted it and what, and nothing is left out") {
  const PlanVisits visits(kSalt);
  const Hash hash = visits.hashOf(VisitId(7), 2, 1, "bytes");
  CHECK(PlanVisits(kSalt).hashOf(VisitId(7), 2, 1, "bytes") == hash);
  CHECK(visits.hashOf(VisitId(8), 2, 1, "bytes") != hash);
  CHECK(visits.hashOf(VisitId(7), 3, 1, "bytes") != hash);
  CHECK(visits.hashOf(VisitId(7), 2, 2, "bytes") != hash);
  CHECK(visits.hashOf(VisitId(7), 2, 1, "byte") != hash);
  CHECK(PlanVisits(std::string(16, 't')).hashOf(VisitId(7), 2, 1, "bytes") != hash);
}

TEST_CASE("a visit's hash is what the protocol's page says, byte by byte") {
  const std::string label = "doorstep/plan-visit/v1\n";
  const Hash key = crypto::hmacSha256(std::string(32, '\0'), {kSalt});
  const Hash block = crypto::hmacSha256(key.view(), {label + bigEndian64(7) + "\x01"});
  const std::string salt(block.view().substr(0, 16));
  CHECK(PlanVisits(kSalt).hashOf(VisitId(7), 2, 1, "bytes") ==
        crypto::sha256(label + salt + bigEndian64(7) + bigEndian64(2) + bigEndian64(1) + "bytes"));
}

TEST_CASE("a visit of a version can be proved with the hashes of the others alone") {
  const PlanVisits visits(kSalt);
  VisitsRoot root;
  std::vector<Hash> leaves;
  for (std::uint64_t id = 1; id <= 5; ++id) {
    const Hash hash = visits.hashOf(VisitId(id), 1, 1, "visit " + std::to_string(id));
    root.add(hash);
    leaves.push_back(leafHash(hash.view()));
  }
  const SubtreeHashes hashes = [&](const Subtree& subtree) -> Result<Hash> {
    Frontier part;
    for (std::uint64_t i = subtree.index << subtree.level; i < (subtree.index + 1) << subtree.level;
         ++i)
      part.append(leaves.at(i));
    return part.root();
  };
  const auto path = inclusionProof(2, 5, hashes);
  REQUIRE(path.ok());
  CHECK(verifyInclusion(leaves[2], 2, 5, *path, root.root()).ok());
  CHECK(VisitsRoot().root() == emptyRoot());
}

}  // namespace
}  // namespace doorstep::evidence
