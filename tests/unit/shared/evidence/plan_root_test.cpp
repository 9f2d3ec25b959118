// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/plan_root.h"

#include <catch2/catch.hpp>

#include <vector>

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
  const std::string carers = "doorstep/plan-carers/v1\n";
  const Hash carersBlock = crypto::hmacSha256(key.view(), {carers + bigEndian64(7) + "\x01"});
  const std::string carersSalt(carersBlock.view().substr(0, 16));
  const std::string slots("\x42\x02\x08\x01", 4);  // field 8
  const std::string open("\x0a\x01v\x30\x1e", 5);  // fields 1 and 6
  const Hash hidden = crypto::sha256(carers + carersSalt + slots);
  CHECK(PlanVisits(kSalt).hashOf(VisitId(7), 2, 1, open.substr(0, 3) + slots + open.substr(3)) ==
        crypto::sha256(label + salt + bigEndian64(7) + bigEndian64(2) + bigEndian64(1) +
                       std::string(hidden.view()) + open));
}

TEST_CASE("a visit is cut into what whoever may see it may see, and who was to come") {
  const std::string later("\x82\x04\x01x", 4);  // field 64, of a later release
  const std::string fixed("\x11\x01\x02\x03\x04\x05\x06\x07\x08\x1d\x01\x02\x03\x04", 14);
  const std::string slot(
      "\x42\x03"
      "Ann",
      5);
  const SplitVisit split = splitVisit(slot + fixed + later + slot);
  CHECK(split.open == fixed);
  CHECK(split.carers == slot + later + slot);
  CHECK(splitVisit("").open.empty());
  // What cannot be read as fields is not shown: cut short, a group, number 0, a length beyond it.
  for (const std::string& damaged :
       {slot.substr(0, 4), fixed.substr(0, 5), fixed + "\x13", std::string("\x00\x01", 2),
        std::string("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11), std::string("\x80", 1),
        std::string("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11)}) {
    INFO(toHex(damaged));
    CHECK(splitVisit(damaged).open.empty());
    CHECK(splitVisit(damaged).carers == damaged);
  }
}

TEST_CASE("each row of terms has a salt of its own, and every field of it counts") {
  const PlanTerms terms(kSalt);
  const TermsLeaf row{7, "north", 20'000, 3, 0, 9, "lead", "tier", "a=10000", "why"};
  std::vector<TermsLeaf> others(10, row);
  others[0].person = 8;
  others[1].lot = "south";
  others[2].fromDay = 20'001;
  others[3].madeVersion = 4;
  others[4].replacedVersion = 4;
  others[5].contract = 10;
  others[6].role = "leadt";
  others[6].tier = "ier";
  others[7].tier = "";
  others[8].funderSplit = "";
  others[9].reason = "";
  for (const TermsLeaf& other : others)
    CHECK(terms.hashOf(other) != terms.hashOf(row));
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(terms.saltOf(others[i]) != terms.saltOf(row));
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
