// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/address_budget.h"

#include <catch2/catch.hpp>

using namespace doorstep::http;
using boost::asio::ip::make_address;

TEST_CASE("one address cannot use up what the others need") {
  AddressBudget budget(4, 2);
  CHECK(budget.take("a", 1));
  CHECK(budget.take("a", 1));
  CHECK_FALSE(budget.take("a", 1));
  CHECK(budget.take("b", 1));
  budget.giveBack("a", 1);
  CHECK(budget.take("a", 1));
}

TEST_CASE("all addresses together are bounded too, and a refusal takes nothing") {
  AddressBudget budget(2, 2);
  CHECK(budget.take("a", 1));
  CHECK_FALSE(budget.take("b", 2));
  CHECK(budget.take("b", 1));
  CHECK_FALSE(budget.take("c", 1));
  budget.giveBack("b", 1);
  CHECK(budget.take("c", 1));
  CHECK(budget.total() == 2);
  CHECK_FALSE(budget.take("c", SIZE_MAX));
}

TEST_CASE("what a connection holds goes back with it") {
  AddressBudget budget(10, 10);
  {
    BudgetHold hold(budget, "a");
    CHECK(hold.take(6));
    CHECK(hold.take(4));
    CHECK_FALSE(hold.take(1));
  }
  CHECK(budget.total() == 0);
}

TEST_CASE("a share is an IPv4 address, or the network of an IPv6 one") {
  CHECK(shareOf(make_address("192.0.2.1")) == "192.0.2.1");
  CHECK(shareOf(make_address("::ffff:192.0.2.1")) == "192.0.2.1");
  CHECK(plainAddress(make_address("::ffff:192.0.2.1")) == "192.0.2.1");
  CHECK(shareOf(make_address("2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::/64");
  CHECK(shareOf(make_address("2001:db8:1:2::9")) == shareOf(make_address("2001:db8:1:2:f::")));
  CHECK(shareOf(make_address("2001:db8:1:3::9")) != shareOf(make_address("2001:db8:1:2::9")));
  CHECK(plainAddress(make_address("2001:db8::9")) == "2001:db8::9");
}
