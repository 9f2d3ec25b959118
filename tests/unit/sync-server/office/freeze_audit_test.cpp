// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/freeze_audit.h"

#include "tests/unit/sync-server/freezes/frozen_office.h"

namespace doorstep::office {
namespace {

// A month that was frozen, opened and frozen again.
struct FreezingOffice : freezes::FrozenOffice {
  FreezingOffice() {
    REQUIRE(freeze(figures()).ok());
    REQUIRE(unfreeze(1).ok());
    REQUIRE(freeze(figures(), "closed again").ok());
  }
  void damage(const std::string& sql) { REQUIRE(database().execute(sql.c_str()).ok()); }
  void requireFinding(const std::string& text) {
    const auto audited = audit();
    CAPTURE(audited.office.texts);
    CHECK(audited.logFindings == 0);
    REQUIRE(audited.office.findings == 1);
    CHECK(audited.office.texts.front().find(text) != std::string::npos);
  }
};

TEST_CASE("untouched freezes have no findings, and each is told") {
  FreezingOffice office;
  const auto audited = office.audit();
  CAPTURE(audited.office.texts);
  CHECK(audited.office.findings == 0);
  const auto& decisions = audited.office.decisions;
  REQUIRE(decisions.size() > 3);
  CHECK(decisions[decisions.size() - 3].find(
            "contract K1, 2026-11 frozen (freeze 1): 700 visits, 2 of silent phones") !=
        std::string::npos);
  CHECK(decisions[decisions.size() - 2].find("2026-11 no longer frozen (freeze 1)") !=
        std::string::npos);
  CHECK(decisions.back().find("Olu, account 7, closing of a month: closed again") !=
        std::string::npos);
}

TEST_CASE("a freeze that was altered, left out or put in later is found") {
  FreezingOffice office;
  const std::string what = "what the database says of the month is not what the log says";
  const std::string who = "who decided of the month, or when, is not what the log says";
  const std::string gone = "what the log says of the month is not in the database";
  SECTION("the figures") {
    office.damage("UPDATE month_freeze SET measures = visits_sha256 WHERE freeze_number = 2");
    office.requireFinding(what);
  }
  SECTION("the file's hash") {
    office.damage(
        "UPDATE month_freeze SET visits_sha256 = (SELECT root FROM month_freeze_log WHERE "
        "freeze_number = 2) WHERE freeze_number = 1");
    office.requireFinding("freeze 1: " + what);
  }
  SECTION("the rules") {
    office.damage("UPDATE month_freeze SET rule_versions = '1,2' WHERE freeze_number = 2");
    office.requireFinding(what);
  }
  SECTION("how many phones were silent") {
    office.damage("UPDATE month_freeze SET visits_silent = 0 WHERE freeze_number = 2");
    office.requireFinding(what);
  }
  SECTION("the log's size") {
    office.damage("UPDATE month_freeze_log SET size = size + 1 WHERE freeze_number = 2");
    office.requireFinding(what);
  }
  SECTION("who") {
    office.damage("UPDATE month_freeze SET account_id = 9 WHERE freeze_number = 2");
    office.requireFinding(who);
  }
  SECTION("why it was opened") {
    office.damage("UPDATE month_unfreeze SET note = 'nothing'");
    office.requireFinding("end of freeze 1: " + what);
  }
  SECTION("that it was opened") {
    office.damage("DELETE FROM month_unfreeze");
    office.requireFinding("end of freeze 1: " + gone);
  }
  SECTION("the freeze itself") {
    office.damage("DELETE FROM month_freeze WHERE freeze_number = 2");
    office.requireFinding("freeze 2: " + gone);
  }
  SECTION("its place in this log") {
    office.damage("DELETE FROM month_freeze_log WHERE freeze_number = 2");
    office.requireFinding("freeze 2: " + gone);
  }
  SECTION("an end put in") {
    office.damage(
        "INSERT INTO month_unfreeze (contract_id, month, freeze_number, note, account_id, "
        "made_unix_ms) SELECT contract_id, month, 2, note, account_id, made_unix_ms "
        "FROM month_unfreeze");
    office.requireFinding("end of freeze 2: no decision of the log says this of the month");
  }
}

}  // namespace
}  // namespace doorstep::office
