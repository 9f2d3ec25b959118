// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/leaf_path.h"

#include <catch2/catch.hpp>
#include <string>

#include "shared/evidence/merkle_tree.h"

namespace doorstep::evidence {
namespace {

TEST_CASE("the path of every leaf of every small tree leads to its root") {
  for (std::uint64_t size = 1; size <= 70; ++size) {
    Frontier whole;
    for (std::uint64_t i = 0; i < size; ++i)
      whole.append(leafHash(std::to_string(i)));
    for (std::uint64_t marked = 0; marked < size; ++marked) {
      LeafPath leaves;
      for (std::uint64_t i = 0; i < size; ++i)
        leaves.add(leafHash(std::to_string(i)), i == marked);
      const auto path = leaves.path();
      REQUIRE(path);
      REQUIRE(path->root == whole.root());
      REQUIRE(path->position == marked);
      REQUIRE(path->size == size);
      REQUIRE(verifyInclusion(leafHash(std::to_string(marked)), marked, size, path->hashes,
                              whole.root())
                  .ok());
    }
  }
}

TEST_CASE("without a marked leaf there is no path, and of two marked ones the last counts") {
  LeafPath leaves;
  CHECK_FALSE(leaves.path());
  for (int i = 0; i < 9; ++i)
    leaves.add(leafHash(std::to_string(i)), false);
  CHECK_FALSE(leaves.path());
  leaves.add(leafHash("a"), true);
  leaves.add(leafHash("b"), false);
  leaves.add(leafHash("c"), true);
  const auto path = leaves.path();
  REQUIRE(path);
  CHECK(path->position == 11);
  CHECK(verifyInclusion(leafHash("c"), 11, 12, path->hashes, path->root).ok());
}

}  // namespace
}  // namespace doorstep::evidence
