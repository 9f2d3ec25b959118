// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/front_attacks.h"

#include <catch2/catch.hpp>

#include "tests/hostile/hostile_server.h"

using namespace doorstep;
using namespace doorstep::hostile;

namespace {

// One after another they may leave this much behind in the allocator; 300 MiB were sent by some.
constexpr std::size_t kGrowthMaxKib = 24 << 10;

// The answer's status; 0 when there was none.
int statusAfter(support::HttpsClient& client, const FrontAttack& attack) {
  bool open = client.send(attack.begin).ok();
  for (std::size_t i = 0; i < attack.pieces && open; ++i)
    open = client.send(attack.piece).ok();
  const auto answer = client.readHead();
  return answer.ok() ? answer->status : 0;
}

}  // namespace

TEST_CASE(
    "nothing that a stranger sends to the front stops it, or makes it hold what it was sent") {
  HostileServer server;
  for (const FrontAttack& attack : frontAttacks()) {
    CAPTURE(attack.name);
    {
      const auto client = server.connect();
      REQUIRE(client != nullptr);
      const int status = statusAfter(*client, attack);
      if (attack.status != 0)
        CHECK(status == attack.status);
      else
        CHECK((status == 0 || status >= 400));
    }
    server.checkUnharmed(attack.name, kGrowthMaxKib);
  }
  CHECK(server.server().log().find("HANDLER_FAILED") == std::string::npos);
  CHECK(server.server().stop() == 0);
}

TEST_CASE("what is refused ends its connection, so that nothing behind it is taken for a request") {
  HostileServer server;
  const std::string behind = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (const FrontAttack& attack : frontAttacks()) {
    if (attack.pieces != 0 || attack.status == 403)
      continue;
    CAPTURE(attack.name);
    const auto client = server.connect();
    REQUIRE(client != nullptr);
    (void)client->send(attack.begin + behind);
    auto answer = client->readHead();
    REQUIRE(answer.ok());
    CHECK(answer->status >= 400);
    CHECK(answer->header("connection") == "close");
    (void)client->readBody(*answer);
    CHECK(client->closedByPeer());
  }
}
