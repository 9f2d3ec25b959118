// SPDX-License-Identifier: Apache-2.0
// Who waits for whose wrong passwords.
#include <catch2/catch.hpp>
#include <string>

#include "sync-server/identity/accounts.h"
#include "sync-server/identity/limits.h"
#include "sync-server/identity/network_key.h"
#include "sync-server/identity/sign_in.h"
#include "tests/support/office_fixture.h"

namespace doorstep::identity {
namespace {

constexpr crypto::ScryptCost kQuickHash{4};
constexpr const char* kRightPassword = "a long password";

struct ThrottleFixture : support::OfficeFixture {
  ThrottleFixture() : signIn(*storage, clock, ids, kQuickHash) {
    add("sue");
    add("ann");
  }

  void add(const std::string& login, std::string_view password = kRightPassword) {
    REQUIRE(storage
                ->write([&](sql::Database& database) -> Status {
                  DOORSTEP_ASSIGN(const auto key, hashPassword(password, ids, kQuickHash));
                  DOORSTEP_TRY(addAccount(database,
                                          {{}, login, login, Role::Supervisor, provider, {}, false},
                                          key, clock, ids));
                  return kDone;
                })
                .ok());
  }
  // The reason; empty: signed in.
  std::string attempt(const std::string& login, const std::string& password,
                      const std::string& address, const std::string& token = {}) {
    const auto result = signIn.signIn(login, password, address, token);
    return result.ok() ? "" : result.error().reason;
  }
  void guess(const std::string& login, const std::string& address, std::uint32_t times) {
    for (std::uint32_t i = 0; i < times; ++i)
      (void)attempt(login, "a wrong guess", address);
  }

  SignIn signIn;
};

TEST_CASE("guessing one login from one place is slowed down, but only so far") {
  ThrottleFixture office;
  for (int i = 0; i < 30; ++i) {
    office.guess("SUE", "192.0.2.1", 1);
    office.clock.advance(kLoginDelayMaxMs / 4);
  }
  office.guess("sue", "192.0.2.1", 1);
  CHECK(office.attempt(" sue ", kRightPassword, "192.0.2.1") == "TOO_MANY_ATTEMPTS");
  office.clock.advance(kLoginDelayMaxMs);
  CHECK(office.attempt("sue", kRightPassword, "192.0.2.1").empty());
}

TEST_CASE("nobody behind the same proxy waits for a colleague's wrong passwords") {
  ThrottleFixture office;
  office.guess("sue", "192.0.2.1", 20);
  CHECK(office.attempt("sue", kRightPassword, "192.0.2.1") == "TOO_MANY_ATTEMPTS");
  CHECK(office.attempt("ann", kRightPassword, "192.0.2.1").empty());
}

TEST_CASE("twenty addresses do not lock an owner out of her own account") {
  ThrottleFixture office;
  for (int address = 1; address <= 20; ++address)
    office.guess("sue", "192.0.2." + std::to_string(address), 15);
  for (int i = 0; i < 15; ++i)
    CHECK(office.attempt("sue", kRightPassword, "198.51.100.7").empty());
}

TEST_CASE("a known browser waits for its own failures only, at any address") {
  ThrottleFixture office;
  const auto first = office.signIn.signIn("sue", kRightPassword, "192.0.2.1");
  REQUIRE(first.ok());
  std::string token = first->session.token;
  for (int network = 0; network < 250; ++network)
    office.guess("sue", "203.0.113." + std::to_string(network), 5);
  office.guess("sue", "192.0.2.1", 20);
  CHECK(office.attempt("sue", kRightPassword, "192.0.2.1") == "TOO_MANY_ATTEMPTS");
  const auto again = office.signIn.signIn("sue", kRightPassword, "192.0.2.1", token);
  REQUIRE(again.ok());
  token = again->session.token;
  office.clock.advance(kSessionAgeMs + 1);  // the session has ended, the browser is known
  office.guess("sue", "192.0.2.1", 20);
  CHECK(office.attempt("sue", kRightPassword, "192.0.2.1", token).empty());
  for (std::uint32_t i = 0; i < kFreeAttempts; ++i)
    (void)office.attempt("ann", "a wrong guess", "192.0.2.9", token);
  CHECK(office.attempt("ann", kRightPassword, "192.0.2.9", token) == "TOO_MANY_ATTEMPTS");
}

TEST_CASE("a browser is forgotten with a new password, and another's token is no help") {
  ThrottleFixture office;
  const auto signedIn = office.signIn.signIn("sue", kRightPassword, "192.0.2.1");
  REQUIRE(signedIn.ok());
  REQUIRE(office.storage
              ->write([&](sql::Database& database) -> Status {
                DOORSTEP_ASSIGN(const auto key,
                                hashPassword(kRightPassword, office.ids, kQuickHash));
                return setPassword(database, signedIn->caller.account, key);
              })
              .ok());
  office.guess("sue", "192.0.2.1", 20);
  for (const std::string& token : {signedIn->session.token, std::string(64, 'a'), std::string("x")})
    CHECK(office.attempt("sue", kRightPassword, "192.0.2.1", token) == "TOO_MANY_ATTEMPTS");
}

TEST_CASE("a network that guesses at many logins is slowed down, with an account of its own too") {
  ThrottleFixture office;
  for (std::uint32_t i = 0; i < kNetworkFreeAttempts; ++i)
    CHECK(office.attempt("login" + std::to_string(i), "a guess",
                         "2001:db8::" + std::to_string(i)) == "SIGN_IN_FAILED");
  CHECK(office.attempt("another", "a guess", "2001:db8::ffff") == "TOO_MANY_ATTEMPTS");
  CHECK(office.attempt("another", "a guess", "2001:db8:0:1::1") == "SIGN_IN_FAILED");
  office.clock.advance(kFirstDelayMs);
  CHECK(office.attempt("sue", kRightPassword, "2001:db8::1").empty());
  office.guess("another", "2001:db8::2", 1);
  CHECK(office.attempt("another", "a guess", "2001:db8::1") == "TOO_MANY_ATTEMPTS");
}

TEST_CASE("an address stands for its network, however it is written") {
  CHECK(networkKey("192.0.2.1") == "192.0.2.1");
  CHECK(networkKey("ipv4:192.0.2.1") == "192.0.2.1");
  CHECK(networkKey("::ffff:192.0.2.1") == "192.0.2.1");
  CHECK(networkKey("2001:db8::1") == networkKey("2001:db8:0:0:1234::99"));
  CHECK(networkKey("ipv6:%5B2001:db8::1%5D") == networkKey("2001:db8::2"));
  CHECK(networkKey("fe80::1%eth0") == networkKey("fe80::2"));
  CHECK(networkKey("2001:db8:0:1::1") != networkKey("2001:db8::1"));
  CHECK(networkKey("").empty());
  CHECK(networkKey(std::string(1 << 20, 'x')).size() < 100);
}

TEST_CASE("a network has a bounded number of sign-ins waiting") {
  ThrottleFixture office;
  std::vector<std::shared_ptr<SignIn::Place>> places;
  for (std::size_t i = 0; i < kSignInsOfNetworkMax; ++i)
    places.push_back(office.signIn.enter("2001:db8::" + std::to_string(i)));
  CHECK(places.back() != nullptr);
  CHECK(office.signIn.enter("2001:db8::99") == nullptr);
  CHECK(office.signIn.enter("192.0.2.1") != nullptr);
  places.pop_back();
  CHECK(office.signIn.enter("2001:db8::99") != nullptr);
}

TEST_CASE("the same letters are the same password, whatever keyboard made them") {
  ThrottleFixture office;
  office.add("zoe", "caf\xc3\xa9 in the morning");
  CHECK(office.attempt("zoe", "cafe\xcc\x81 in the morning", "192.0.2.1").empty());
  for (const std::string& password :
       {std::string(10, ' '), std::string("          \xc2\xa0"), std::string(201, 'a'),
        std::string(1 << 20, 'a'), std::string("a password\xff"), std::string("a password\0!", 12)})
    CHECK_FALSE(hashPassword(password, office.ids, kQuickHash).ok());
}

TEST_CASE("a password that was hashed at a lower cost is hashed anew at sign-in") {
  ThrottleFixture office;
  SignIn stronger(*office.storage, office.clock, office.ids, {5});
  const auto cost = [&] {
    return (*accountByLogin(office.database(), "sue"))->password.scryptLogN;
  };
  REQUIRE(cost() == 4);
  const auto before = stronger.signIn("sue", kRightPassword, "192.0.2.1");
  REQUIRE(before.ok());
  CHECK(cost() == 5);
  CHECK(stronger.signIn("sue", kRightPassword, "192.0.2.1").ok());
  CHECK(resolveSession(office.database(), before->session.token, office.clock.wallUnixMs()).ok());
}

TEST_CASE("a row that somebody touched lets nobody in and asks for no memory") {
  for (const int logN : {-1, 0, 19, 63, 1'000'000})
    CHECK_FALSE(passwordMatches(kRightPassword, {"salt", std::string(32, 'k'), logN}));
  CHECK_FALSE(passwordMatches(kRightPassword, {"", "", 4}));
}

}  // namespace
}  // namespace doorstep::identity
