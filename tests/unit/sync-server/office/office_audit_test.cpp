// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/office_audit.h"

#include "doorstep/roster/v1/office_fact.pb.h"
#include "shared/visits/measures/rule_packs.h"
#include "shared/wire/rules_codec.h"
#include "tests/unit/sync-server/office/logged_office.h"

namespace doorstep::office {
namespace {

// Two imports, a reassignment, two versions of rules and a phone out of use.
struct DecidedOffice : LoggedOffice {
  DecidedOffice() {
    import(rota());
    clock.advance(60'000);
    REQUIRE(reassign("v1", "c2", AccountId(7)).ok());
    clock.advance(60'000);
    REQUIRE(setRules("Leicestershire", 5).ok());
    phone = addPhone();
    REQUIRE(revoke(phone).ok());
    clock.advance(60'000);
    auto next = rota();
    next.visits += "v4,p1,1,1,c1,tea,2026-11-24T12:00:00,2026-11-24T13:00:00,30,,,\n";
    import(next);
  }
  void damage(const std::string& sql) { REQUIRE(database().execute(sql.c_str()).ok()); }
  void requireFinding(const std::string& text) {
    const auto audited = audit();
    INFO(text);
    CAPTURE(audited.office.texts);
    CHECK(audited.logFindings == 0);
    REQUIRE(audited.office.findings > 0);
    bool found = false;
    for (const auto& finding : audited.office.texts)
      found = found || finding.find(text) != std::string::npos;
    CHECK(found);
  }
  std::string idOf(const std::string& ref) { return std::to_string(visit(ref).value); }

  DeviceId phone;
};

bool says(const OfficeReport& report, const std::string& text) {
  for (const auto& decision : report.decisions)
    if (decision.find(text) != std::string::npos)
      return true;
  return false;
}

TEST_CASE("an untouched plan has no findings, and each decision is told with who, when and why") {
  DecidedOffice office;
  const auto audited = office.audit();
  CAPTURE(audited.office.texts, audited.office.decisions);
  CHECK(audited.logFindings == 0);
  CHECK(audited.office.findings == 0);
  CHECK(audited.office.versionsBefore == 0);
  CHECK(says(audited.office,
             "plan version 1: 3 visits new, 0 changed, 0 cancelled; "
             "2026-11-23T06:00:00.000Z, Test, command line, import of a rota"));
  CHECK(says(audited.office,
             "plan version 2: 0 visits new, 1 changed, 0 cancelled; "
             "2026-11-23T06:01:00.000Z, Test, account 7, reassignment"));
  CHECK(says(audited.office, "rules version 2 of contract Leicestershire"));
  CHECK(says(audited.office, "device " + std::to_string(office.phone.value) + " taken out of use"));
}

TEST_CASE("a plan version that was altered, left out or put in later is found") {
  DecidedOffice office;
  SECTION("its time") {
    office.damage("UPDATE plan_version SET made_unix_ms = made_unix_ms - 1 WHERE plan_version = 2");
    office.requireFinding("plan version 2: when it was made");
  }
  SECTION("no time any more") {
    office.damage("UPDATE plan_version SET made_unix_ms = NULL WHERE plan_version = 2");
    office.requireFinding("plan version 2: when it was made");
  }
  SECTION("its account") {
    office.damage("UPDATE plan_version SET account_id = 8 WHERE plan_version = 2");
    office.requireFinding("plan version 2: who made it");
  }
  SECTION("its reason") {
    office.damage("UPDATE plan_version SET reason = 1 WHERE plan_version = 2");
    office.requireFinding("plan version 2: why it was made");
  }
  SECTION("how many visits") {
    office.damage("UPDATE plan_version SET visits_changed = 9 WHERE plan_version = 2");
    office.requireFinding("plan version 2: how many visits");
  }
  SECTION("its files") {
    office.damage(
        "INSERT INTO plan_version_file (provider_id, plan_version, name, bytes, "
        "sha256_hex) SELECT provider_id, 1, 'visits.csv', 5, 'aa' FROM provider");
    office.requireFinding("plan version 1: from which files");
  }
  SECTION("it is left out") {
    office.damage("DELETE FROM plan_version WHERE plan_version = 2");
    office.requireFinding("plan version 2: it is in the log and not in the database");
  }
  SECTION("the newest is left out") {
    office.damage("DELETE FROM plan_version WHERE plan_version = 3");
    office.requireFinding("plan version 3: it is in the log and not in the database");
  }
  SECTION("one is put in at the end") {
    office.damage(
        "INSERT INTO plan_version SELECT provider_id, 4, made_unix_ms, account_id, "
        "reason, 0, 0, 0 FROM plan_version WHERE plan_version = 3");
    office.requireFinding("plan version 4: no decision of the log made it");
  }
}

TEST_CASE("visits of a version that were altered, left out or put in later are found") {
  DecidedOffice office;
  const std::string changed = "plan version 1: its visits in the database are not those";
  SECTION("what a visit says") {
    office.damage(
        "UPDATE visit_version SET visit = (SELECT visit FROM visit_version AS other WHERE "
        "other.visit_id = " +
        office.idOf("v3") +
        " AND other.plan_version = 1) "
        "WHERE plan_version = 1 AND visit_id = " +
        office.idOf("v2"));
    office.requireFinding(changed);
  }
  SECTION("who wanted it") {
    office.damage("UPDATE visit_version SET wanted_by = 2 WHERE plan_version = 1 AND visit_id = " +
                  office.idOf("v2"));
    office.requireFinding(changed);
  }
  SECTION("a visit is left out") {
    office.damage("DELETE FROM visit_version WHERE plan_version = 1 AND visit_id = " +
                  office.idOf("v2"));
    office.requireFinding(changed);
  }
  SECTION("a visit is put in") {
    office.damage(
        "INSERT INTO visit_version (provider_id, visit_id, plan_version, visit, wanted_by) SELECT "
        "provider_id, visit_id, 1, visit, 1 FROM visit_version WHERE visit_id = " +
        office.idOf("v4"));
    office.requireFinding(changed);
  }
  SECTION("a visit is moved to another version") {
    office.damage(
        "UPDATE visit_version SET plan_version = 2 WHERE plan_version = 1 AND visit_id "
        "= " +
        office.idOf("v2"));
    office.requireFinding(changed);
  }
  SECTION("visits have a version that nobody made") {
    office.damage(
        "INSERT INTO visit_version (provider_id, visit_id, plan_version, visit, "
        "wanted_by) SELECT provider_id, visit_id, 9, visit, 1 FROM visit_version WHERE "
        "plan_version = 3");
    office.requireFinding("plan version 9: there are visits of it, and nobody made it");
  }
}

TEST_CASE("rules that were altered, left out or put in later are found") {
  DecidedOffice office;
  SECTION("what they say") {
    office.damage("UPDATE contract_rules SET late_tolerance_min = 60 WHERE rule_version = 2");
    office.requireFinding("rules version 2: what it says in the database is not what was set");
  }
  SECTION("what they say beyond the four minutes") {
    office.damage("UPDATE contract_rules SET parameters = NULL, missed_after_min = 60");
    CHECK(office.audit().office.findings == 0);  // they said no more
    auto row = office.database().prepare("UPDATE contract_rules SET parameters = ?");
    const std::string pack = wire::encodeRules(measures::findRulePack("qs123")->rules);
    REQUIRE(row->bindBlob(0, pack).run().ok());
    office.requireFinding("rules version 2: what it says in the database is not what was set");
  }
  SECTION("until when they hold") {
    office.damage("UPDATE contract_rules SET last_day = 20000 WHERE rule_version = 2");
    office.requireFinding("rules version 2: what it says in the database is not what was set");
  }
  SECTION("from when they hold") {
    office.damage("UPDATE contract_rules SET from_unix_ms = 5 WHERE rule_version = 2");
    office.requireFinding("rules version 2: what it says in the database is not what was set");
  }
  SECTION("they are left out") {
    office.damage("DELETE FROM contract_rules WHERE rule_version = 2");
    office.requireFinding("rules version 2: it is in the log and not in the database");
  }
  SECTION("a version is put in") {
    office.damage(
        "INSERT INTO contract_rules (contract_id, rule_version, from_unix_ms, "
        "late_tolerance_min, early_tolerance_min, time_critical_tolerance_min, missed_after_min) "
        "SELECT contract_id, 3, 9, 60, 60, 60, 60 FROM contract_rules WHERE rule_version = 2");
    office.requireFinding("rules version 3: no decision of the log made it");
  }
  SECTION("a contract is put in with its rules") {
    office.damage(
        "INSERT INTO contract (contract_id, council_id, ref) SELECT 99, council_id, 'other' "
        "FROM contract");
    office.damage("INSERT INTO contract_party SELECT 99, provider_id FROM provider");
    office.damage(
        "INSERT INTO contract_rules (contract_id, rule_version, from_unix_ms, "
        "late_tolerance_min, early_tolerance_min, time_critical_tolerance_min, missed_after_min) "
        "VALUES (99, 1, 0, 60, 60, 60, 60)");
    office.requireFinding("not those with which it began: contract other, rules version 1");
  }
}

TEST_CASE("a phone whose standing was changed without a decision is found") {
  DecidedOffice office;
  const std::string device = "device " + std::to_string(office.phone.value);
  SECTION("in use again") {
    office.damage("UPDATE device SET revoked_unix_ms = NULL");
    office.requireFinding(device + ": the log says that it was taken out of use");
  }
  SECTION("since another time") {
    office.damage("UPDATE device SET revoked_unix_ms = revoked_unix_ms + 1 WHERE kind = 1");
    office.requireFinding(device + ": when it was taken out of use");
  }
  SECTION("another one out of use") {
    const DeviceId other = office.addPhone();
    office.damage("UPDATE device SET revoked_unix_ms = 1900000000000 WHERE device_id = " +
                  std::to_string(other.value));
    office.requireFinding("no decision of the log took it out of use");
  }
}

TEST_CASE("an office that is hidden from the audit is found") {
  DecidedOffice office;
  SECTION("as a phone") {
    office.damage("UPDATE device SET kind = 1 WHERE kind = 2");
    office.requireFinding("the database says of its device that it is no office");
  }
  SECTION("behind another device") {
    office.damage("UPDATE device SET kind = 3 - kind WHERE provider_id <> 0 AND kind = 2");
    office.damage("UPDATE device SET kind = 2 WHERE device_id = " +
                  std::to_string(office.phone.value));
    office.requireFinding("the database says of another device that it is the office");
  }
}

TEST_CASE("an entry about the office that a phone signed decides nothing and accuses nobody") {
  DecidedOffice office;
  const DeviceId phone = office.addPhone();
  const visits::OfficeFact fact{.decidedUnixMs = office.clock.wallUnixMs(),
                                .decision = visits::PlanPublished{.planVersion = 4}};
  visits::Entry entry{.n = 1, .salt = std::string(16, 's')};
  visits::Event& event = entry.events.emplace_back();
  event.number = 1;
  event.subjectKind = visits::SubjectKind::Office;
  event.otherSubject = office.provider.value;
  event.fact = visits::UnknownFact{wire::encodeOfficeFact(fact)};
  auto audit = OfficeAudit::begin(office.database(), office.key.publicKey().spki());
  const std::string bytes = wire::encodeEntry(entry);
  audit->see({.provider = office.provider, .device = phone, .n = 1, .entry = bytes},
             *wire::openEntry(bytes));
  const auto report = audit->report(office.provider);
  CHECK(report->decisions.empty());
}

TEST_CASE("a decision that is put in later than it says is found") {
  DecidedOffice office;
  office.stampMs = 2 * 3'600'000;
  REQUIRE(office.reassign("v2", "c2").ok());
  office.requireFinding("it was not decided when it says");
}

// Two plan versions, one set of rules and a phone out of use before there was a log of the office.
struct OfficeOfBefore : LoggedOffice {
  OfficeOfBefore() {
    decideThrough(unlogged->office());
    import(rota());
    REQUIRE(reassign("v1", "c2").ok());
    phone = addPhone();
    REQUIRE(revoke(phone).ok());
    REQUIRE(database().execute("DELETE FROM device WHERE kind = 2").ok());
    decideThrough(*office);
    clock.advance(60'000);
  }
  DeviceId phone;
};

TEST_CASE("what is from before the office's log is counted and not accused") {
  OfficeOfBefore office;
  const auto before = office.audit();
  CHECK(before.office.findings == 0);
  CHECK(before.office.versionsBefore == 2);
  CHECK(before.office.rulesBefore == 1);
  CHECK(before.office.revocationsBefore == 1);
  REQUIRE(office.reassign("v2", "c2").ok());
  REQUIRE(office.setRules("Leicestershire", 5).ok());
  const auto after = office.audit();
  CHECK(after.office.texts == std::vector<std::string>());
  CHECK(after.office.versionsBefore == 2);
  CHECK(after.office.rulesBefore == 1);
  CHECK(after.office.revocationsBefore == 1);
  CHECK(says(after.office, "the office's log begins; plan version 2 and older are from before it"));
}

TEST_CASE("what was there when the office's log began cannot be altered afterwards") {
  OfficeOfBefore office;
  REQUIRE(office.revoke(office.addPhone()).ok());
  const auto finding = [&] {
    const auto texts = office.audit().office.texts;
    return texts.empty() ? std::string() : texts.front();
  };
  CHECK(finding().empty());
  SECTION("visits") {
    REQUIRE(office.database().execute("UPDATE visit_version SET wanted_by = 2").ok());
    CHECK(finding().find("plan version 2 and older: their visits are not those") == 0);
  }
  SECTION("rules") {
    REQUIRE(office.database().execute("UPDATE contract_rules SET late_tolerance_min = 60").ok());
    CHECK(finding().find("rules without a decision in the log are not those") == 0);
  }
  SECTION("a plan version that nobody decided") {
    REQUIRE(office.database()
                .execute("INSERT INTO plan_version SELECT provider_id, 3, made_unix_ms, "
                         "account_id, reason, 0, 0, 0 FROM plan_version WHERE plan_version = 2")
                .ok());
    CHECK(finding().find("plan version 3: no decision of the log made it") == 0);
  }
}

TEST_CASE("a decision of a later release is told as one, and nothing else suffers") {
  DecidedOffice office;
  doorstep::roster::v1::OfficeFact fact;
  fact.set_decided_unix_ms(office.clock.wallUnixMs());
  // Field 99, empty.
  const std::string later = fact.SerializeAsString() + std::string("\x9a\x06\0", 3);
  const auto say = [&](sql::Database&, event_log::OfficeAct& act) -> Status {
    act.say(office.provider, visits::OfficeReason::Unspecified, visits::UnknownDecision{later});
    return kDone;
  };
  REQUIRE(office.decide(say).ok());
  const auto audited = office.audit();
  CHECK(audited.logFindings == 0);
  CHECK(audited.office.unknown == 1);
  CHECK(says(audited.office, "recorded with a newer release"));
}

}  // namespace
}  // namespace doorstep::office
