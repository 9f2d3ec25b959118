// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/plan_feed.h"

#include <catch2/catch.hpp>

namespace doorstep::roster {
namespace {

constexpr ProviderId kProvider{3};
const ConcernedCarers kCara{{CarerId(40)}};
const ConcernedCarers kDan{{CarerId(41)}};

struct Told {
  std::uint64_t change = 0;
  ConcernedCarers concerned;
};

// Keeps what a watcher is told.
struct Listener {
  explicit Listener(PlanFeed& feed) {
    feed.watch([this](ProviderId, std::uint64_t change, const ConcernedCarers& concerned) {
      told.push_back({change, concerned});
    });
  }
  std::vector<Told> told;
};

PlanCommit commit(std::uint64_t before, std::uint64_t newest, const ConcernedCarers& carers) {
  return {.planVersion = 1, .changeBefore = before, .newestChange = newest, .carers = carers};
}

TEST_CASE("a commit that follows on concerns those whom it names") {
  PlanFeed feed;
  Listener listener(feed);
  feed.publish(kProvider, commit(0, 2, kCara));
  feed.publish(kProvider, commit(2, 3, kDan));
  feed.publish(ProviderId(4), commit(0, 1, kCara));
  REQUIRE(listener.told.size() == 3);
  CHECK(listener.told[0].change == 2);
  CHECK(listener.told[0].concerned == kCara);
  CHECK(listener.told[1].concerned == kDan);
  CHECK(listener.told[2].concerned == kCara);
  CHECK(feed.newest(kProvider) == 3);
}

TEST_CASE("a commit after changes that nobody published concerns everybody") {
  PlanFeed feed;
  feed.publish(kProvider, 5);
  Listener listener(feed);
  feed.publish(kProvider, commit(9, 10, kCara));  // 6 to 9 are another process's
  feed.publish(kProvider, commit(10, 11, kDan));
  REQUIRE(listener.told.size() == 2);
  CHECK(listener.told[0].concerned == std::nullopt);
  CHECK(listener.told[1].concerned == kDan);
}

TEST_CASE("of two commits that are published the wrong way round neither is missed") {
  PlanFeed feed;
  Listener listener(feed);
  feed.publish(kProvider, commit(1, 2, kDan));
  feed.publish(kProvider, commit(0, 1, kCara));
  REQUIRE(listener.told.size() == 2);
  CHECK(listener.told[0].concerned == std::nullopt);
  CHECK(listener.told[1].concerned == kCara);
  CHECK(feed.newest(kProvider) == 2);
}

TEST_CASE("a commit that changed nothing concerns nobody, unless others changed something") {
  PlanFeed feed;
  Listener listener(feed);
  const ConcernedCarers nobody = std::vector<CarerId>();
  feed.publish(kProvider, commit(0, 0, nobody));
  feed.publish(kProvider, commit(4, 4, nobody));
  CHECK(listener.told[0].concerned == nobody);
  CHECK(listener.told[1].concerned == std::nullopt);
}

}  // namespace
}  // namespace doorstep::roster
