// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/board_feed.h"

#include <catch2/catch.hpp>

#include "sync-server/monitoring/tuning.h"

namespace doorstep::monitoring {
namespace {

using Kind = BoardFeed::Taken::Kind;

class CountingWatcher final : public BoardWatcher {
 public:
  void somethingNew() override { ++woken; }
  int woken = 0;
};

const std::atomic<bool> kGoingOn = false;

TEST_CASE("a watcher gets every change after its revision, once and in order") {
  BoardFeed feed(100);
  auto position = feed.positionAfter(100);
  feed.publish("a");
  feed.publish("b");
  CHECK(feed.revision() == 102);
  CHECK(*feed.take(position).message == "a");
  CHECK(*feed.take(position).message == "b");
  CHECK(feed.take(position).kind == Kind::Nothing);
}

TEST_CASE("all watchers share the bytes of a change") {
  BoardFeed feed(0);
  auto one = feed.positionAfter(0);
  auto other = feed.positionAfter(0);
  feed.publish("rows");
  CHECK(feed.take(one).message.get() == feed.take(other).message.get());
}

TEST_CASE("a watcher that waits is woken once, and one that does not wait never") {
  BoardFeed feed(0);
  CountingWatcher waiting;
  CountingWatcher busy;
  const auto position = feed.positionAfter(0);
  REQUIRE(feed.wait(waiting, position, kGoingOn));
  feed.publish("a");
  feed.publish("b");
  CHECK(waiting.woken == 1);
  CHECK(busy.woken == 0);
}

TEST_CASE("a watcher cannot wait past a change that is there already") {
  BoardFeed feed(0);
  CountingWatcher watcher;
  const auto position = feed.positionAfter(0);
  feed.publish("a");
  CHECK_FALSE(feed.wait(watcher, position, kGoingOn));
}

TEST_CASE("a watcher that has ended does not wait, and one that waits can be taken back") {
  BoardFeed feed(0);
  CountingWatcher watcher;
  const auto position = feed.positionAfter(0);
  const std::atomic<bool> ended = true;
  CHECK_FALSE(feed.wait(watcher, position, ended));
  REQUIRE(feed.wait(watcher, position, kGoingOn));
  CHECK(feed.leave(watcher));
  CHECK_FALSE(feed.leave(watcher));
  feed.publish("a");
  CHECK(watcher.woken == 0);
}

TEST_CASE("a slow watcher is reset instead of being kept up for") {
  BoardFeed feed(0);
  auto slow = feed.positionAfter(0);
  for (std::size_t change = 0; change < kKeptChangesMax; ++change)
    feed.publish("x");
  auto stillThere = slow;
  CHECK(feed.take(stillThere).kind == Kind::Message);
  feed.publish("one more");
  CHECK(feed.take(slow).kind == Kind::Reset);
}

TEST_CASE("large changes push old ones out by their bytes") {
  BoardFeed feed(0);
  auto slow = feed.positionAfter(0);
  for (int change = 0; change < 3; ++change)
    feed.publish(std::string(kKeptChangesBytesMax / 2, 'x'));
  CHECK(feed.take(slow).kind == Kind::Reset);
  auto newest = feed.positionAfter(feed.revision() - 1);
  CHECK(feed.take(newest).kind == Kind::Message);
}

TEST_CASE("a revision of another life of the server is reset") {
  const BoardFeed feed(1'000);
  auto older = feed.positionAfter(990);
  auto newer = feed.positionAfter(1'001);
  CHECK(feed.take(older).kind == Kind::Reset);
  CHECK(feed.take(newer).kind == Kind::Reset);
}

TEST_CASE("when a copy cannot be mended by rows every watcher is reset") {
  BoardFeed feed(0);
  CountingWatcher watcher;
  auto position = feed.positionAfter(0);
  REQUIRE(feed.wait(watcher, position, kGoingOn));
  feed.resetAll();
  CHECK(watcher.woken == 1);
  CHECK(feed.take(position).kind == Kind::Reset);
  auto fresh = feed.positionAfter(feed.revision());
  CHECK(feed.take(fresh).kind == Kind::Nothing);
}

TEST_CASE("a sign of life reaches who waits and is not kept for who comes later") {
  BoardFeed feed(0);
  CountingWatcher watcher;
  auto position = feed.positionAfter(0);
  REQUIRE(feed.wait(watcher, position, kGoingOn));
  feed.signOfLife("alive");
  CHECK(watcher.woken == 1);
  CHECK(*feed.take(position).message == "alive");
  CHECK(feed.take(position).kind == Kind::Nothing);
  auto later = feed.positionAfter(0);
  CHECK(feed.take(later).kind == Kind::Nothing);
}

TEST_CASE("a feed that is closed ends all watches") {
  BoardFeed feed(0);
  CountingWatcher watcher;
  auto position = feed.positionAfter(0);
  REQUIRE(feed.wait(watcher, position, kGoingOn));
  feed.close();
  CHECK(watcher.woken == 1);
  CHECK(feed.take(position).kind == Kind::Closed);
  CHECK_FALSE(feed.wait(watcher, position, kGoingOn));
}

}  // namespace
}  // namespace doorstep::monitoring
