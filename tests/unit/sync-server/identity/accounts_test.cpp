// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/accounts.h"

#include <catch2/catch.hpp>

#include "tests/support/office_fixture.h"

namespace doorstep::identity {
namespace {

TEST_CASE("a login is found in any case, taken in any case and shown as it was typed") {
  support::OfficeFixture office;
  const auto add = [&](const char* login) {
    return addAccount(office.database(), {{}, login, "Sue", Role::Operator, {}, {}, false}, {},
                      office.clock, office.ids);
  };
  REQUIRE(add("Sue.S@Example").ok());
  CHECK(add("sue.s@eXample").error().reason == "LOGIN_TAKEN");
  REQUIRE(accountByLogin(office.database(), " SUE.S@EXAMPLE ").value());
  CHECK(accounts(office.database()).value().at(0).login == "Sue.S@Example");
}

TEST_CASE("logins of before they were kept in lower case are found and shown as they were") {
  support::OfficeFixture office;
  auto& database = office.database();
  // As identity's second migration left them.
  REQUIRE(database.execute("ALTER TABLE account DROP COLUMN login_shown").ok());
  REQUIRE(database.execute("DROP INDEX device_office").ok());
  REQUIRE(database.execute("ALTER TABLE device DROP COLUMN kind").ok());
  REQUIRE(database.execute("UPDATE schema_version SET number = 2 WHERE module = 'identity'").ok());
  auto row = database
                 .prepare(
                     "INSERT INTO account (account_id, login, display_name, role, "
                     "provider_id, council_id, salt, password_key, scrypt_log_n, disabled) "
                     "VALUES (7, 'Ann_B', 'Ann', 1, 0, 0, ?, ?, 4, 0)")
                 .value();
  REQUIRE(row.bindBlob(0, "").bindBlob(1, "").run().ok());
  REQUIRE(migrate(database).ok());
  const auto found = accountByLogin(database, "ann_b").value();
  REQUIRE(found);
  CHECK(found->account.id == AccountId(7));
  CHECK(found->account.login == "Ann_B");
}

TEST_CASE("a login with a zero byte is refused and is nobody's") {
  support::OfficeFixture office;
  const auto found = accountByLogin(office.database(), std::string_view("su\0e", 4));
  CHECK(found.error().reason == "TEXT_WITH_NUL");
}

}  // namespace
}  // namespace doorstep::identity
