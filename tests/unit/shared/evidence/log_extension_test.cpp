// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/log_extension.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/shared/evidence/whole_tree.h"

using namespace doorstep;
using namespace doorstep::evidence;
using doorstep::tests::WholeTree;

namespace {

constexpr std::uint64_t kLeaves = 300;

const NoteSigner& logSigner() {
  static const NoteSigner signer("care.example/log/1", crypto::Ed25519PrivateKey::generate());
  return signer;
}

Frontier frontierOf(const WholeTree& tree, std::uint64_t size) {
  Frontier frontier;
  for (std::uint64_t i = 0; i < size; ++i)
    frontier.append(tree.leaf(i));
  return frontier;
}

std::string signedRoot(const WholeTree& tree, std::uint64_t size) {
  return logSigner().sign(checkpointText({logSigner().verifier().name(), size, tree.root(size)}));
}

struct Case {
  std::uint64_t held = 0;
  std::uint64_t size = 0;
  std::vector<std::uint64_t> own;
};

Case anyCase() {
  Case drawn;
  drawn.size = *rc::gen::inRange<std::uint64_t>(1, kLeaves + 1);
  drawn.held = *rc::gen::inRange<std::uint64_t>(0, drawn.size + 1);
  const auto positions =
      *rc::gen::container<std::set<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(0, kLeaves));
  for (const std::uint64_t position : positions) {
    if (position >= drawn.held && position < drawn.size)
      drawn.own.push_back(position);
  }
  return drawn;
}

std::vector<OwnLeaf> ownLeaves(const WholeTree& tree, const std::vector<std::uint64_t>& positions) {
  std::vector<OwnLeaf> leaves;
  for (const std::uint64_t position : positions)
    leaves.push_back({position, tree.leaf(position)});
  return leaves;
}

}  // namespace

TEST_CASE("an extension of any held log by any log with any own leaves verifies") {
  const WholeTree tree(kLeaves);
  REQUIRE(rc::check([&] {
    const Case drawn = anyCase();
    const auto hashes = makeLogExtension(drawn.held, drawn.size, drawn.own, tree.hashes());
    RC_ASSERT(hashes.ok());
    const auto verified = verifyLogExtension(frontierOf(tree, drawn.held), drawn.size, *hashes,
                                             ownLeaves(tree, drawn.own),
                                             signedRoot(tree, drawn.size), logSigner().verifier());
    RC_ASSERT(verified.ok());
    RC_ASSERT(verified->frontier.root() == tree.root(drawn.size));
    RC_ASSERT(openNote(verified->checkpointNote, logSigner().verifier()).ok());
  }));
}

TEST_CASE("an extension does not verify for another leaf, another history or altered bytes") {
  const WholeTree tree(kLeaves);
  const WholeTree other(kLeaves, "another history");
  REQUIRE(rc::check([&] {
    const Case drawn = anyCase();
    RC_PRE(drawn.held > 0 && !drawn.own.empty());
    const auto hashes = makeLogExtension(drawn.held, drawn.size, drawn.own, tree.hashes());
    RC_ASSERT(hashes.ok());
    const std::string signature = signedRoot(tree, drawn.size);
    const auto verify = [&](const WholeTree& held, const WholeTree& own, std::string_view bytes) {
      return verifyLogExtension(frontierOf(held, drawn.held), drawn.size, bytes,
                                ownLeaves(own, drawn.own), signature, logSigner().verifier());
    };
    RC_ASSERT(verify(other, tree, *hashes).error().reason == "CHECKPOINT_SIGNATURE");
    RC_ASSERT(verify(tree, other, *hashes).error().reason == "CHECKPOINT_SIGNATURE");
    RC_ASSERT(verify(tree, tree, *hashes + std::string(32, 'x')).error().reason ==
              "EXTENSION_SHAPE");
    if (!hashes->empty()) {
      std::string altered = *hashes;
      altered[*rc::gen::inRange<std::size_t>(0, altered.size())] ^= 1;
      RC_ASSERT(verify(tree, tree, altered).error().reason == "CHECKPOINT_SIGNATURE");
      RC_ASSERT(verify(tree, tree, hashes->substr(1)).error().reason == "EXTENSION_SHAPE");
    }
  }));
}

TEST_CASE(
    "one new own entry at the end of the log needs no hash at all, however large the log is") {
  const WholeTree tree(kLeaves);
  for (std::uint64_t held = 0; held < kLeaves; ++held) {
    const std::uint64_t own[] = {held};
    REQUIRE(makeLogExtension(held, held + 1, own, tree.hashes())->empty());
  }
}

TEST_CASE("a log that is shorter than what is held is refused") {
  const WholeTree tree(10);
  const auto verified = verifyLogExtension(frontierOf(tree, 10), 9, "", {}, signedRoot(tree, 9),
                                           logSigner().verifier());
  CHECK(verified.error().reason == "EXTENSION_SHAPE");
}
