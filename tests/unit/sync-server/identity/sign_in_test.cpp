// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/sign_in.h"

#include <catch2/catch.hpp>
#include <string>

#include "shared/core/bytes.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/identity/limits.h"
#include "tests/support/office_fixture.h"

namespace doorstep::identity {
namespace {

constexpr crypto::ScryptCost kCheap{4};
constexpr const char* kPassword = "a long password";

struct SignInFixture : support::OfficeFixture {
  SignInFixture() : signIn(*storage, clock, ids, kCheap) {
    account = add({{}, "Sue.S", "Sue", Role::Supervisor, provider, {}, false});
  }

  AccountId add(const Account& added) {
    Result<AccountId> id = Error{};
    REQUIRE(storage
                ->write([&](sql::Database& database) -> Status {
                  DOORSTEP_ASSIGN(const auto key, hashPassword(kPassword, ids, kCheap));
                  id = addAccount(database, added, key, clock, ids);
                  return kDone;
                })
                .ok());
    REQUIRE(id.ok());
    return *id;
  }

  std::string reasonOf(const Result<SignedIn>& result) {
    return result.ok() ? "" : result.error().reason;
  }
  bool isSignedIn(const std::string& token) {
    return resolveSession(database(), token, clock.wallUnixMs()).ok();
  }

  SignIn signIn;
  AccountId account;
};

TEST_CASE("login and password start a session that says who it is") {
  SignInFixture office;
  const auto signedIn = office.signIn.signIn("sue.s", kPassword, "192.0.2.1");
  REQUIRE(signedIn.ok());
  const auto session =
      resolveSession(office.database(), signedIn->session.token, office.clock.wallUnixMs());
  REQUIRE(session.ok());
  CHECK(session->caller.account == office.account);
  CHECK(session->caller.role == Role::Supervisor);
  CHECK(session->caller.provider == office.provider);
  CHECK(session->caller.displayName == "Sue");
}

TEST_CASE("a wrong password and an unknown login get the same answer") {
  SignInFixture office;
  const auto wrong = office.signIn.signIn("sue.s", "another password", "192.0.2.1");
  const auto unknown = office.signIn.signIn("nobody", kPassword, "192.0.2.2");
  CHECK(office.reasonOf(wrong) == "SIGN_IN_FAILED");
  CHECK(office.reasonOf(unknown) == "SIGN_IN_FAILED");
  CHECK(wrong.error().code == unknown.error().code);
}

TEST_CASE("a session ends by sign-out, idleness, age, a new password and a disabled account") {
  SignInFixture office;
  const auto start = [&] {
    return office.signIn.signIn("sue.s", kPassword, "192.0.2.1")->session.token;
  };
  const auto write = [&](const storage::Storage::Job& job) {
    REQUIRE(office.storage->write(job).ok());
  };

  std::string token = start();
  write([&](sql::Database& database) { return endSession(database, token); });
  CHECK_FALSE(office.isSignedIn(token));

  token = start();
  office.clock.advance(kSessionIdleMs - 1);
  CHECK(office.isSignedIn(token));
  office.clock.advance(1);
  CHECK_FALSE(office.isSignedIn(token));

  token = start();
  for (std::int64_t age = 0; age < kSessionAgeMs; age += kHourMs) {
    CHECK(office.isSignedIn(token));
    write([&](sql::Database& database) {
      return touchSession(database, token, office.clock.wallUnixMs());
    });
    office.clock.advance(kHourMs);
  }
  CHECK_FALSE(office.isSignedIn(token));

  token = start();
  write([&](sql::Database& database) -> Status {
    DOORSTEP_ASSIGN(const auto key, hashPassword(kPassword, office.ids, kCheap));
    return setPassword(database, office.account, key);
  });
  CHECK_FALSE(office.isSignedIn(token));

  token = start();
  write([&](sql::Database& database) { return setDisabled(database, office.account, true); });
  CHECK_FALSE(office.isSignedIn(token));
  CHECK(office.reasonOf(office.signIn.signIn("sue.s", kPassword, "192.0.2.1")) == "SIGN_IN_FAILED");
}

TEST_CASE("a use is due to be written only after some minutes") {
  SignInFixture office;
  const std::string token = office.signIn.signIn("sue.s", kPassword, "192.0.2.1")->session.token;
  CHECK_FALSE(resolveSession(office.database(), token, office.clock.wallUnixMs())->touchDue);
  office.clock.advance(kSessionTouchMs);
  CHECK(resolveSession(office.database(), token, office.clock.wallUnixMs())->touchDue);
}

TEST_CASE("an account holds a bounded number of sessions, the newest") {
  SignInFixture office;
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < kSessionsPerAccountMax + 2; ++i) {
    office.clock.advance(1000);
    tokens.push_back(office.signIn.signIn("sue.s", kPassword, "192.0.2.1")->session.token);
  }
  CHECK_FALSE(office.isSignedIn(tokens[0]));
  CHECK_FALSE(office.isSignedIn(tokens[1]));
  CHECK(office.isSignedIn(tokens[2]));
  CHECK(office.isSignedIn(tokens.back()));
}

TEST_CASE("neither tokens nor passwords stand in the database") {
  SignInFixture office;
  const std::string token = office.signIn.signIn("sue.s", kPassword, "192.0.2.1")->session.token;
  auto rows = office.database().prepare(
      "SELECT token_hash, password_key, salt FROM session JOIN account USING (account_id)");
  REQUIRE(rows.ok());
  REQUIRE(*rows->step());
  const std::string stored = rows->columnBlob(0) + rows->columnBlob(1) + rows->columnBlob(2);
  CHECK(stored.find(token) == std::string::npos);
  CHECK(stored.find(kPassword) == std::string::npos);
  CHECK_FALSE(office.isSignedIn(std::string(64, 'a')));
  CHECK_FALSE(office.isSignedIn(""));
  CHECK_FALSE(office.isSignedIn(token + "0"));
}

TEST_CASE("an account's login, name, role and password are checked") {
  SignInFixture office;
  const auto reasonFor = [&](const Account& account) {
    std::string reason;
    (void)office.storage
        ->write([&](sql::Database& database) -> Status {
          const auto added =
              addAccount(database, account, {"salt", "key", 4}, office.clock, office.ids);
          reason = added.ok() ? "" : added.error().reason;
          return kDone;
        })
        .ok();
    return reason;
  };
  CHECK(reasonFor({{}, "sue.s", "Other Sue", Role::Operator, {}, {}, false}) == "LOGIN_TAKEN");
  CHECK(reasonFor({{}, "two words", "x", Role::Operator, {}, {}, false}) == "LOGIN_INVALID");
  CHECK(reasonFor({{}, "", "x", Role::Operator, {}, {}, false}) == "LOGIN_INVALID");
  for (const char* name : {"", "  ", "\xc2\xa0", "two\nlines", "\xff",
                           "a\xe2\x80\xae"
                           "b"})
    CHECK(reasonFor({{}, "a", name, Role::Operator, {}, {}, false}) == "NAME_INVALID");
  CHECK(reasonFor({{}, "a", "x", Role::Supervisor, {}, {}, false}) == "ROLE_INVALID");
  CHECK(reasonFor({{}, "a", "x", Role::Council, office.provider, office.council, false}) ==
        "ROLE_INVALID");
  CHECK(reasonFor({{}, "a", "x", Role::Council, {}, office.council, false}).empty());
  CHECK(hashPassword("too short", office.ids, kCheap).error().reason == "PASSWORD_LENGTH");
}

}  // namespace
}  // namespace doorstep::identity
