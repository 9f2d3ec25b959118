// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/log_tree.h"

#include <catch2/catch.hpp>

#include "shared/crypto/sha256.h"

namespace doorstep::event_log {
namespace {

Hash leaf(std::uint64_t i) { return crypto::sha256(bigEndian64(i)); }

const LogTree::Completed kIgnore = [](const evidence::Subtree&, const Hash&) {};

Hash rootOf(std::uint64_t size) {
  evidence::Frontier frontier;
  for (std::uint64_t i = 0; i < size; ++i)
    frontier.append(leaf(i));
  return frontier.root();
}

TEST_CASE("a log's tree has the root of RFC 6962 at every size") {
  LogTree tree(0, {});
  evidence::Frontier frontier;
  REQUIRE(tree.root() == evidence::emptyRoot());
  for (std::uint64_t i = 0; i < 1'100; ++i) {
    tree.append(leaf(i), kIgnore);
    frontier.append(leaf(i));
    REQUIRE(tree.root() == frontier.root());
    if (i % 37 == 0)
      tree.forgetBefore(4);
  }
}

TEST_CASE("a tree that was restored from its edge goes on like the one that never ended") {
  for (const std::uint64_t size : {0, 1, 2, 3, 255, 256, 257, 700}) {
    evidence::Frontier frontier;
    for (std::uint64_t i = 0; i < size; ++i)
      frontier.append(leaf(i));
    LogTree tree(size, frontier.hashes());
    REQUIRE(tree.root() == rootOf(size));
    for (std::uint64_t i = size; i < size + 300; ++i)
      tree.append(leaf(i), kIgnore);
    REQUIRE(tree.root() == rootOf(size + 300));
  }
}

TEST_CASE("staged leaves can be taken back") {
  LogTree tree(0, {});
  for (std::uint64_t i = 0; i < 300; ++i)
    tree.append(leaf(i), kIgnore);
  tree.forgetBefore(16);
  for (std::uint64_t i = 0; i < 500; ++i)
    tree.append(leaf(9'000 + i), kIgnore);
  tree.takeBack(300);
  REQUIRE(tree.root() == rootOf(300));
  for (std::uint64_t i = 300; i < 600; ++i)
    tree.append(leaf(i), kIgnore);
  REQUIRE(tree.root() == rootOf(600));
}

TEST_CASE("each subtree is reported when its last leaf comes, with its hash") {
  LogTree tree(0, {});
  std::uint64_t tiles = 0;
  for (std::uint64_t i = 0; i < 1'024; ++i)
    tree.append(leaf(i), [&](const evidence::Subtree& subtree, const Hash& hash) {
      REQUIRE((i + 1) % (std::uint64_t{1} << subtree.level) == 0);
      REQUIRE(tree.find(subtree) == hash);
      if (subtree.level == 8)
        REQUIRE(subtree.index == tiles++);
    });
  REQUIRE(tiles == 4);
  REQUIRE_FALSE(tree.find({0, 1'024}).has_value());
}

}  // namespace
}  // namespace doorstep::event_log
