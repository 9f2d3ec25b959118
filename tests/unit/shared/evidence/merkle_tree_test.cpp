// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/merkle_tree.h"

#include <catch2/catch.hpp>

#include "tests/support/hex.h"
#include "tests/unit/shared/evidence/whole_tree.h"

using namespace doorstep;
using doorstep::support::fromHex;
using namespace doorstep::evidence;
using doorstep::tests::WholeTree;

TEST_CASE("the roots of the certificate transparency test leaves are the published ones") {
  const char* leaves[] = {"",
                          "00",
                          "10",
                          "2021",
                          "3031",
                          "40414243",
                          "5051525354555657",
                          "606162636465666768696a6b6c6d6e6f"};
  const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  Frontier frontier;
  CHECK(toHex(frontier.root().view()) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (int i = 0; i < 8; ++i) {
    frontier.append(leafHash(fromHex(leaves[i])));
    CHECK(toHex(frontier.root().view()) == roots[i]);
  }
}

TEST_CASE("covering subtrees are aligned, complete and in order, for every range up to 130") {
  for (std::uint64_t begin = 0; begin <= 130; ++begin) {
    for (std::uint64_t end = begin; end <= 130; ++end) {
      std::uint64_t at = begin;
      for (const Subtree& part : coveringSubtrees(begin, end)) {
        REQUIRE(part.index << part.level == at);
        at += std::uint64_t{1} << part.level;
      }
      REQUIRE(at == end);
    }
  }
  CHECK(coveringSubtrees(0, 7) == std::vector<Subtree>{{2, 0}, {1, 2}, {0, 6}});
}

TEST_CASE(
    "every inclusion proof up to 70 leaves verifies, and for no other leaf, position or size") {
  const WholeTree tree(70);
  for (std::uint64_t size = 1; size <= 70; ++size) {
    const Hash root = tree.root(size);
    for (std::uint64_t position = 0; position < size; ++position) {
      const auto proof = inclusionProof(position, size, tree.hashes());
      REQUIRE(proof.ok());
      REQUIRE(verifyInclusion(tree.leaf(position), position, size, *proof, root).ok());
      REQUIRE_FALSE(
          verifyInclusion(tree.leaf((position + 1) % 70), position, size, *proof, root).ok());
      if (size > 1)
        REQUIRE_FALSE(
            verifyInclusion(tree.leaf(position), (position + 1) % size, size, *proof, root).ok());
      REQUIRE_FALSE(
          verifyInclusion(tree.leaf(position), position, size, *proof, tree.root(size % 70 + 1))
              .ok());
    }
  }
}

TEST_CASE("every consistency proof up to 70 leaves verifies, and not against another history") {
  const WholeTree tree(70);
  const WholeTree other(70, "another history");
  for (std::uint64_t size = 1; size <= 70; ++size) {
    for (std::uint64_t old = 1; old <= size; ++old) {
      const auto proof = consistencyProof(old, size, tree.hashes());
      REQUIRE(proof.ok());
      REQUIRE(verifyConsistency(old, tree.root(old), size, tree.root(size), *proof).ok());
      REQUIRE_FALSE(verifyConsistency(old, other.root(old), size, tree.root(size), *proof).ok());
      REQUIRE_FALSE(verifyConsistency(old, tree.root(old), size, other.root(size), *proof).ok());
      if (!proof->empty()) {
        auto shorter = *proof;
        shorter.pop_back();
        REQUIRE_FALSE(verifyConsistency(old, tree.root(old), size, tree.root(size), shorter).ok());
      }
    }
  }
}

TEST_CASE("a frontier is restored from its hashes and refuses a wrong count") {
  const WholeTree tree(100);
  for (std::uint64_t size = 0; size <= 100; ++size) {
    std::vector<Hash> hashes;
    for (const Subtree& part : coveringSubtrees(0, size))
      hashes.push_back(*tree.hashes()(part));
    auto frontier = Frontier::restore(size, hashes);
    REQUIRE(frontier.ok());
    REQUIRE(frontier->root() == tree.root(size));
    hashes.emplace_back();
    REQUIRE(Frontier::restore(size, hashes).error().reason == "FRONTIER_SHAPE");
  }
}

TEST_CASE("a subtree that does not begin where the tree ends is refused") {
  Frontier frontier;
  frontier.append(leafHash("a"));
  CHECK(frontier.appendSubtree(1, leafHash("b")).error().reason == "SUBTREE_ALIGNMENT");
  CHECK(frontier.size() == 1);
}
