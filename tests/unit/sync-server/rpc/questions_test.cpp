// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/questions.h"

#include <catch2/catch.hpp>
#include <vector>

#include "sync-server/rpc/limits.h"
#include "sync-server/rpc/people/preview_stream.h"

namespace doorstep::rpc {
namespace {

TEST_CASE("an account has so many long questions at once, and each that ends makes room") {
  LongQuestions open;
  constexpr AccountId kOlu{1};
  constexpr AccountId kEve{2};
  std::vector<std::shared_ptr<LongQuestions::Place>> places;
  for (std::size_t i = 0; i < kLongQuestionsPerAccountMax; ++i)
    places.push_back(open.enter(kOlu).value());
  const auto refused = open.enter(kOlu);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::ResourceExhausted);
  CHECK(refused.error().reason == "TOO_MANY_QUESTIONS");
  CHECK(open.enter(kEve).ok());
  places.pop_back();
  CHECK(open.enter(kOlu).ok());
}

TEST_CASE("a preview of rules ends the account's older one and nobody else's") {
  PreviewTurns turns;
  constexpr AccountId kOlu{1};
  constexpr AccountId kEve{2};
  auto first = turns.begin(kOlu);
  const auto other = turns.begin(kEve);
  CHECK_FALSE(first->isOver());
  auto second = turns.begin(kOlu);
  CHECK(first->isOver());
  CHECK_FALSE(second->isOver());
  CHECK_FALSE(other->isOver());
  // The older one goes after the newer has begun, and takes nothing of its place.
  first.reset();
  const auto third = turns.begin(kOlu);
  CHECK(second->isOver());
  second.reset();
  CHECK_FALSE(third->isOver());
}

}  // namespace
}  // namespace doorstep::rpc
