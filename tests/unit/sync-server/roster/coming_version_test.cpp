// SPDX-License-Identifier: Apache-2.0
// Rows of a plan version that somebody wrote by hand before the office made it.
#include <catch2/catch.hpp>

#include "sync-server/roster/plan_writer.h"
#include "tests/support/office_fixture.h"

namespace doorstep::roster {
namespace {

using support::OfficeFixture;
using support::RotaText;

RotaText rota(const std::string& start) {
  RotaText text;
  text.people += "p1,Ann Example,,,north\n";
  text.carers += "c1,Cara\nc2,Dan\n";
  text.visits += "v1,p1,1,1,c1,tea," + start + ",2026-11-24T10:00:00,30,,,\n";
  return text;
}

// Every row that is of a plan version.
std::string rows(sql::Database& database) {
  std::string found;
  for (const char* sql : {"SELECT plan_version, newest_change FROM provider",
                          "SELECT plan_version, from_day FROM person_terms ORDER BY 1, 2",
                          "SELECT plan_version, from_day FROM contract_provider ORDER BY 1, 2",
                          "SELECT plan_version, visit_id FROM visit_version ORDER BY 1, 2",
                          "SELECT plan_version, reason FROM plan_version ORDER BY 1"}) {
    auto statement = database.prepare(sql);
    REQUIRE(statement.ok());
    for (auto row = statement->step(); row.value(); row = statement->step())
      found += std::to_string(statement->columnInt(0)) + " " +
               std::to_string(statement->columnInt(1)) + "\n";
  }
  return found;
}

// Plants with SQL; says what an import and a reassignment then come to.
void checkRefused(const std::string& planted) {
  INFO(planted);
  OfficeFixture office;
  office.import(rota("2026-11-24T08:00:00"));
  REQUIRE(office.database().execute(planted.c_str()).ok());
  const std::string before = rows(office.database());
  support::RotaText text = rota("2026-11-24T09:00:00");
  roster::FaultList faults;
  const auto imported = office.tryImport(text, faults);
  REQUIRE_FALSE(imported.ok());
  CHECK(imported.error().code == ErrorCode::DataLoss);
  CHECK(imported.error().reason == "PLAN_ROWS_FOREIGN");
  CHECK(imported.error().text.find("plan version 2") != std::string::npos);
  CHECK(rows(office.database()) == before);
  auto visits = office.database().prepare("SELECT visit_id FROM visit");
  REQUIRE(visits->step().value());
  const VisitId visit(visits->columnId(0));
  visits->reset();
  const CarerId dan = office.carer("c2");
  const Status reassigned =
      office.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
        DOORSTEP_TRY(reassignVisit(database, office.provider, visit, 1, dan, act));
        return kDone;
      });
  REQUIRE_FALSE(reassigned.ok());
  CHECK(reassigned.error().reason == "PLAN_ROWS_FOREIGN");
  CHECK(rows(office.database()) == before);
}

TEST_CASE("rows of the coming plan version that the office did not write are never taken into it") {
  checkRefused(
      "INSERT INTO person_terms (provider_id, person_id, from_day, plan_version, lot, tier, "
      "funder_split, reason) SELECT provider_id, person_id, 20000, 2, 'south', '', '', '' "
      "FROM person_terms");
  checkRefused("UPDATE person_terms SET replaced_version = 2");
  checkRefused(
      "INSERT INTO contract_provider (provider_id, lot, from_day, plan_version, contract_id, role, "
      "reason) SELECT provider_id, 'west', 20000, 2, contract_id, 'lead', '' "
      "FROM contract_provider");
  checkRefused("UPDATE contract_provider SET replaced_version = 2");
  checkRefused(
      "INSERT INTO visit_version (provider_id, visit_id, plan_version, visit, wanted_by) "
      "SELECT provider_id, visit_id, 2, visit, 2 FROM visit_version");
  checkRefused("UPDATE visit SET plan_version = 2");
  checkRefused(
      "INSERT INTO plan_version (provider_id, plan_version, made_unix_ms, account_id, reason, "
      "visits_new, visits_changed, visits_cancelled) VALUES ((SELECT provider_id FROM provider), "
      "2, "
      "1, 0, 1, 0, 0, 0)");
  checkRefused(
      "INSERT INTO plan_version_file (provider_id, plan_version, name, bytes, sha256_hex) "
      "SELECT provider_id, 2, 'visits.csv', 1, '' FROM provider");
}

TEST_CASE("what one import itself writes of lots, persons and visits is no stranger's") {
  OfficeFixture office;
  support::RotaText text = rota("2026-11-24T08:00:00");
  text.contracts = "contract_ref,council,lot\nk1,Leicestershire,north\nk1,Leicestershire,west\n";
  office.import(text);
  text.contracts = *text.contracts + "k1,Leicestershire,east\n";
  CHECK(office.import(text).commit.planVersion == 2);
  CHECK(office.import(text).commit.planVersion == 2);
}

}  // namespace
}  // namespace doorstep::roster
