// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/export_audit.h"

#include "tests/unit/sync-server/exports/exporting_office.h"

namespace doorstep::office {
namespace {

struct AuditedExports : exports::ExportingOffice {
  AuditedExports() {
    REQUIRE(add(november(9)).ok());
    REQUIRE(add(november(10)).ok());
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

TEST_CASE("untouched exports have no findings, and each is told") {
  AuditedExports office;
  const auto audited = office.audit();
  CAPTURE(audited.office.texts);
  CHECK(audited.office.findings == 0);
  REQUIRE(audited.office.decisions.size() > 2);
  const std::string& told = audited.office.decisions.back();
  CAPTURE(told);
  CHECK(told.find("export 000000000000000a of contract K1") != std::string::npos);
  CHECK(told.find("lot north, late, 2026-11-01 to 2026-11-30") != std::string::npos);
  CHECK(told.find("visits.csv (700 rows, SHA-256 0700") != std::string::npos);
  CHECK(told.find("account 7, export of records") != std::string::npos);
}

TEST_CASE("an export that was altered, left out or put in later is found") {
  AuditedExports office;
  const std::string what = "what the database says was exported is not what the log says";
  SECTION("the hash of a file") {
    office.damage(
        "UPDATE export_made_file SET sha256 = (SELECT sha256 FROM export_made_file WHERE "
        "export_id = 9 AND file_number = 2) WHERE export_id = 9 AND file_number = 1");
    office.requireFinding("export 0000000000000009: " + what);
  }
  SECTION("the rows of a file") {
    office.damage(
        "UPDATE export_made_file SET row_count = 1 WHERE export_id = 10 AND "
        "file_number = 1");
    office.requireFinding("export 000000000000000a: " + what);
  }
  SECTION("the days") {
    office.damage("UPDATE export_made SET last_day = '2026-11-29' WHERE export_id = 9");
    office.requireFinding(what);
  }
  SECTION("who made it") {
    office.damage("UPDATE export_made SET account_id = 8 WHERE export_id = 9");
    office.requireFinding("who made it, or when, is not what the log says");
  }
  SECTION("left out") {
    office.damage("DELETE FROM export_made WHERE export_id = 9");
    office.requireFinding("what the log says was exported is not in the database");
  }
  SECTION("put in later") {
    office.damage(
        "INSERT INTO export_made SELECT 11, contract_id, contract_ref, provider_id, lot, "
        "first_day, last_day, punctuality, as_of_unix_ms, account_id, made_unix_ms FROM "
        "export_made WHERE export_id = 9");
    office.damage(
        "INSERT INTO export_made_log SELECT 11, provider_id FROM export_made_log WHERE "
        "export_id = 9");
    office.requireFinding("no decision of the log says that it was made");
  }
}

}  // namespace
}  // namespace doorstep::office
