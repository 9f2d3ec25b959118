// SPDX-License-Identifier: Apache-2.0
// What an operator changes with SQL in what is commissioned is found by `verify`.
#include "tests/unit/sync-server/commissioning/commissioned_office.h"

namespace doorstep::commissioning {
namespace {

struct AuditedOffice : CommissionedOffice {
  AuditedOffice() {
    put({"council,kind\nNHS West,health\n",
         "contract_ref,lot,patch\nk1,north,a\n",
         "person_ref,service_kind,week_minutes,from\np1,day,300,2026-11-25\n",
         {}});
    clock.advance(3'600'000);
    putPackages("", "p1,day,600,2026-11-25\n");
  }
  std::string findings() {
    const auto audited = audit();
    CHECK(audited.logFindings == 0);
    std::string text;
    for (const auto& finding : audited.office.texts)
      text += finding + "\n";
    return text;
  }
  std::string after(const std::string& sql) {
    REQUIRE(database().execute(sql.c_str()).ok());
    return findings();
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("what nobody touched has no findings, and says who, when and why") {
  AuditedOffice office;
  CHECK(office.findings().empty());
  const auto rows = office.said<visits::CommissionedRows>();
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].kind == Kind::Package);
  CHECK(rows[3].commissioningVersion == 2);
  CHECK(rows[3].rows == 1);
  const auto audited = office.audit();
  REQUIRE_FALSE(audited.office.decisions.empty());
  CHECK(contains(audited.office.decisions.back(), "commissioning version 2: packages set, 1 row"));
  CHECK(contains(audited.office.decisions.back(), "Test"));
}

TEST_CASE("rows that were altered, left out or put in later are found") {
  const std::string one = "commissioning version 1: packages in the database are not";
  const std::string two = "commissioning version 2: packages in the database are not";
  AuditedOffice office;
  SECTION("other minutes") {
    CHECK(contains(office.after("UPDATE commissioned_row SET content = "
                                "(SELECT content FROM commissioned_row WHERE kind = 24) "
                                "WHERE kind = 22 AND version = 2"),
                   two));
  }
  SECTION("another reason, of what was replaced") {
    const std::string found =
        office.after("UPDATE commissioned_row SET reason = 'x' WHERE kind = 22 AND version = 1");
    CHECK(contains(found, one));
    CHECK(contains(found, two));
  }
  SECTION("from another day") {
    CHECK(contains(
        office.after("UPDATE commissioned_row SET from_day = 9 WHERE kind = 22 AND version = 2"),
        two));
  }
  SECTION("until another day") {
    CHECK(contains(office.after("UPDATE commissioned_row SET until_day = 30000 WHERE kind = 22"),
                   two));
  }
  SECTION("in force again") {
    CHECK(contains(office.after("UPDATE commissioned_row SET replaced_version = NULL"), two));
  }
  SECTION("left out") {
    CHECK(contains(office.after("DELETE FROM commissioned_row WHERE kind = 24"),
                   "commissioning version 1: lots in the database are not"));
  }
  SECTION("put in") {
    CHECK(contains(office.after("INSERT INTO commissioned_row SELECT provider_id, 23, subject_id, "
                                "name, from_day, 2, NULL, NULL, '', content FROM commissioned_row "
                                "WHERE kind = 24"),
                   "commissioning version 2: there are rates of it, and the log does not say so"));
  }
  SECTION("put in for a version to come") {
    CHECK(contains(office.after("INSERT INTO commissioned_row SELECT provider_id, kind, "
                                "subject_id, name, 9, 7, NULL, NULL, '', content "
                                "FROM commissioned_row WHERE kind = 24"),
                   "commissioning version 7: there are lots of it"));
  }
}

TEST_CASE("who, when and why that the log does not say are found") {
  AuditedOffice office;
  SECTION("who") {
    CHECK(contains(office.after("UPDATE commissioning_version SET account_id = 7"), "who made it"));
  }
  SECTION("when") {
    CHECK(contains(office.after("UPDATE commissioning_version SET made_unix_ms = 7"),
                   "when it was made"));
  }
  SECTION("why") {
    CHECK(contains(office.after("UPDATE commissioning_version SET why = 'x'"), "why it was made"));
  }
  SECTION("a version that nobody decided") {
    CHECK(contains(office.after("INSERT INTO commissioning_version (provider_id, version, "
                                "made_unix_ms, account_id, why) SELECT provider_id, 3, 1, 0, '' "
                                "FROM commissioning_version WHERE version = 1"),
                   "commissioning version 3: no decision of the log made it"));
  }
  SECTION("a version that is gone") {
    CHECK(contains(office.after("DELETE FROM commissioning_version WHERE version = 2"),
                   "commissioning version 2: it is in the log and not in the database"));
  }
}

}  // namespace
}  // namespace doorstep::commissioning
