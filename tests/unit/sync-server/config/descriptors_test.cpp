// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/descriptors.h"

#include <catch2/catch.hpp>

using namespace doorstep;

TEST_CASE("both doors together stay below any limit of descriptors, and each lets somebody in") {
  for (const std::size_t limit : {320, 512, 1'024, 4'096, 20'000, 65'536}) {
    CAPTURE(limit);
    const auto shares = config::shareDescriptors(limit);
    CHECK(2 * shares.devices.max + shares.front.connectionsMax < limit);
    CHECK(shares.devices.strangersMax >= 2);
    CHECK(shares.devices.strangersMax < shares.devices.max);
    CHECK(shares.devices.strangersPerShareMax >= 1);
    CHECK(shares.devices.strangersPerShareMax < shares.devices.strangersMax);
    CHECK(shares.front.connectionsPerAddressMax >= 1);
    CHECK(shares.front.connectionsPerAddressMax < shares.front.connectionsMax);
  }
  CHECK(config::shareDescriptors(0).devices.max > 0);
}

TEST_CASE("the limit of descriptors is raised as far as it may be") {
  const std::size_t first = config::raiseDescriptorLimit();
  CHECK(first >= 320);
  CHECK(config::raiseDescriptorLimit() == first);
}
