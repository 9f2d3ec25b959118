// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/adjustment_audit.h"

#include "tests/unit/sync-server/adjustments/adjusted_office.h"

namespace doorstep::office {
namespace {

// Times approved and withdrawn, and a reason given.
struct AdjustingOffice : adjustments::AdjustedOffice {
  AdjustingOffice() {
    REQUIRE(approve(order("v1")).ok());
    REQUIRE(withdraw("v1", 1).ok());
    REQUIRE(explain("v2", 0, "P3", "person", "she asked").ok());
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

TEST_CASE("untouched adjustments have no findings, and each is told with who and why") {
  AdjustingOffice office;
  const auto audited = office.audit();
  CAPTURE(audited.office.texts);
  CHECK(audited.office.findings == 0);
  const auto& decisions = audited.office.decisions;
  REQUIRE(decisions.size() > 3);
  const auto said = [&](std::size_t fromEnd) { return decisions[decisions.size() - fromEnd]; };
  CHECK(said(3).find(
            "revision 1: adjusted, start 2026-11-24T08:10:00.000Z, end 2026-11-24T08:40:00.000Z, "
            "reason C7, checked A3, with a note; 2026-11-25T09:00:00.000Z, Olu, account 7, what "
            "happened at a visit") != std::string::npos);
  CHECK(said(3).find("the paper says so") == std::string::npos);
  CHECK(said(2).find("adjusted times withdrawn") != std::string::npos);
  CHECK(said(1).find("explained by P3, person") != std::string::npos);
}

TEST_CASE("a decision that an earlier release wrote with its note is compared with that note") {
  AdjustingOffice office;
  const adjustments::Adjustment row{.provider = office.provider,
                                    .visit = office.visit("v3"),
                                    .slot = 1,
                                    .revision = 1,
                                    .kind = adjustments::AdjustmentKind::Explained,
                                    .reason = "P3",
                                    .note = "he fell",
                                    .account = AccountId(7),
                                    .byRole = "supervisor",
                                    .madeUnixMs = office.clock.wallUnixMs()};
  REQUIRE(office.office
              ->write({AccountId(7), "Olu"},
                      [&](sql::Database& database, event_log::OfficeAct& act) {
                        act.say(row.provider, visits::OfficeReason::Adjustment,
                                adjustments::factWithoutNote(row), row.note);
                        return adjustments::addAdjustment(database, row);
                      })
              .ok());
  CHECK(office.audit().office.findings == 0);
  office.damage("UPDATE slot_adjustment SET note = 'she fell' WHERE note = 'he fell'");
  office.requireFinding("what was said of the slot in the database is not what the log says");
}

TEST_CASE("an adjustment that was altered, left out or put in later is found") {
  AdjustingOffice office;
  const std::string what = "what was said of the slot in the database is not what the log says";
  const std::string who = "who said it of the slot, or when, is not what the log says";
  SECTION("a time") {
    office.damage("UPDATE slot_adjustment SET end_unix_ms = end_unix_ms + 1 WHERE kind = 1");
    office.requireFinding(what);
  }
  SECTION("a time taken away") {
    office.damage("UPDATE slot_adjustment SET end_unix_ms = NULL WHERE kind = 1");
    office.requireFinding(what);
  }
  SECTION("a withdrawal made into approved times") {
    office.damage("UPDATE slot_adjustment SET kind = 1, start_unix_ms = 5 WHERE kind = 2");
    office.requireFinding(what);
  }
  SECTION("a reason") {
    office.damage("UPDATE slot_adjustment SET reason = 'P2' WHERE kind = 3");
    office.requireFinding(what);
  }
  SECTION("an action") {
    office.damage("UPDATE slot_adjustment SET action = 'A1' WHERE kind = 1");
    office.requireFinding(what);
  }
  SECTION("who answers for it") {
    office.damage("UPDATE slot_adjustment SET responsibility = 'council' WHERE kind = 3");
    office.requireFinding(what);
  }
  SECTION("a note") {
    office.damage("UPDATE slot_adjustment SET note = 'he asked' WHERE kind = 3");
    office.requireFinding(what);
  }
  SECTION("the role") {
    office.damage("UPDATE slot_adjustment SET by_role = 'operator' WHERE kind = 3");
    office.requireFinding(what);
  }
  SECTION("the account") {
    office.damage("UPDATE slot_adjustment SET account_id = 8 WHERE kind = 3");
    office.requireFinding(who);
  }
  SECTION("the moment") {
    office.damage("UPDATE slot_adjustment SET made_unix_ms = made_unix_ms - 1 WHERE kind = 1");
    office.requireFinding(who);
  }
  SECTION("the withdrawal is left out") {
    office.damage("DELETE FROM slot_adjustment WHERE kind = 2");
    office.requireFinding("what the log says of the slot is not in the database");
  }
  SECTION("one is put in") {
    office.damage(
        "INSERT INTO slot_adjustment (provider_id, visit_id, slot, revision, kind, reason, action, "
        "responsibility, note, account_id, by_role, made_unix_ms) SELECT provider_id, visit_id, "
        "slot, 9, 3, 'P4', '', '', '', account_id, by_role, made_unix_ms FROM slot_adjustment "
        "WHERE kind = 3");
    office.requireFinding("no decision of the log says this of the slot");
  }
}

}  // namespace
}  // namespace doorstep::office
