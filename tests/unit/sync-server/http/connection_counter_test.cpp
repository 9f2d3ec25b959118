// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/connection_counter.h"

#include <catch2/catch.hpp>

using doorstep::http::ConnectionCounter;

TEST_CASE("one address cannot shut out the others") {
  ConnectionCounter counter(4, 2);
  CHECK(counter.enter("a"));
  CHECK(counter.enter("a"));
  CHECK_FALSE(counter.enter("a"));
  CHECK(counter.enter("b"));
  counter.leave("a");
  CHECK(counter.enter("a"));
}

TEST_CASE("all addresses together are bounded too") {
  ConnectionCounter counter(2, 2);
  CHECK(counter.enter("a"));
  CHECK(counter.enter("b"));
  CHECK_FALSE(counter.enter("c"));
  counter.leave("b");
  CHECK(counter.enter("c"));
}
