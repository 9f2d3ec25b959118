// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/reply_audit.h"

#include "tests/unit/sync-server/replies/replying_office.h"

namespace doorstep::office {
namespace {

// Two replies, the first of them withdrawn.
struct AuditedReplies : replies::ReplyingOffice {
  AuditedReplies() {
    REQUIRE(reply(figure()).ok());
    REQUIRE(reply(figure(), "And it froze.", {VisitId(4)}).ok());
    REQUIRE(withdraw(1).ok());
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

TEST_CASE("untouched replies have no findings, and each is told") {
  AuditedReplies office;
  const auto audited = office.audit();
  CAPTURE(audited.office.texts);
  CHECK(audited.office.findings == 0);
  const auto& decisions = audited.office.decisions;
  REQUIRE(decisions.size() > 3);
  const std::string& first = decisions[decisions.size() - 3];
  CHECK(first.find("contract K1, reply 1 to missed.rate of 2026-11-01 to 2026-11-30, lot north, "
                   "tier 2 (9 of 349), 2 visits attached") != std::string::npos);
  CHECK(first.find("Olu, account 7, reply to a figure: It rained.") != std::string::npos);
  CHECK(decisions.back().find("contract K1, reply 3 withdraws reply 1") != std::string::npos);
  CHECK(decisions.back().find("reply to a figure: It did not.") != std::string::npos);
}

TEST_CASE("a reply that was altered, left out or put in later is found") {
  AuditedReplies office;
  const std::string what = "what the database says of the figure is not what the log says";
  const std::string who = "who replied, or when, is not what the log says";
  const std::string gone = "what the log says of the figure is not in the database";
  SECTION("the words") {
    office.damage("UPDATE figure_reply SET body = 'nothing' WHERE reply_number = 2");
    office.requireFinding("reply 2: " + what);
  }
  SECTION("the figure as it stood") {
    office.damage("UPDATE figure_reply SET numerator = 1 WHERE reply_number = 2");
    office.requireFinding("reply 2: " + what);
  }
  SECTION("which visits the figure is of") {
    office.damage(
        "UPDATE figure_reply_choice SET choice = 'south' WHERE reply_number = 1 AND "
        "dimension = 'lot'");
    office.requireFinding("reply 1: " + what);
  }
  SECTION("an attached visit") {
    office.damage("DELETE FROM figure_reply_visit WHERE reply_number = 2");
    office.requireFinding("reply 2: " + what);
  }
  SECTION("what it withdraws") {
    office.damage("UPDATE figure_reply SET withdraws = 2 WHERE reply_number = 3");
    office.requireFinding("reply 3: " + what);
  }
  SECTION("who") {
    office.damage("UPDATE figure_reply SET account_id = 9 WHERE reply_number = 2");
    office.requireFinding("reply 2: " + who);
  }
  SECTION("the reply itself") {
    office.damage("DELETE FROM figure_reply WHERE reply_number = 3");
    office.requireFinding("reply 3: " + gone);
  }
  SECTION("one put in") {
    office.damage(
        "INSERT INTO figure_reply (contract_id, provider_id, reply_number, contract_ref, measure, "
        "first_day, last_day, numerator, denominator, as_of_unix_ms, body, withdraws, account_id, "
        "made_unix_ms) SELECT contract_id, provider_id, 4, contract_ref, measure, first_day, "
        "last_day, numerator, denominator, as_of_unix_ms, body, 0, account_id, made_unix_ms FROM "
        "figure_reply WHERE reply_number = 2");
    office.requireFinding("reply 4: no decision of the log says this of the figure");
  }
}

}  // namespace
}  // namespace doorstep::office
