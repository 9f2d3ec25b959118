// SPDX-License-Identifier: Apache-2.0
// What an operator changes with SQL in terms of persons, lots of contracts and the locks of visits.
#include "tests/unit/sync-server/office/logged_office.h"

namespace doorstep::office {
namespace {

// A person whose lot changed once, and one visit that was moved after its lock.
struct DatedOffice : LoggedOffice {
  DatedOffice() {
    import(dated("north", "2026-11-24T08:00:00"));
    clock.advance(3'600'000);
    import(dated("south", "2026-11-24T08:00:00"));
    clock.advance(6 * 3'600'000);
    import(dated("south", "2026-11-24T09:00:00"));
  }
  static support::RotaText dated(const std::string& lot, const std::string& start) {
    support::RotaText text;
    text.people += "p1,Ann Example,,," + lot + "\n";
    text.carers += "c1,Cara\n";
    text.visits += "v1,p1,1,1,c1,tea," + start + ",2026-11-24T10:00:00,30,,,\n";
    text.contracts =
        "contract_ref,council,lot,provider_role\nk1,Leicestershire,north,lead\n"
        "k1,Leicestershire,south,\n";
    return text;
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

TEST_CASE("terms, lots and locks that nobody touched have no findings") {
  DatedOffice office;
  CHECK(office.findings().empty());
  const auto plans = office.said<visits::PlanPublished>();
  REQUIRE(plans.size() == 3);
  CHECK(plans[0].termsRoot.has_value());
  CHECK(plans[0].lotsRoot.has_value());
  CHECK(plans[1].termsRoot.has_value());
  CHECK_FALSE(plans[1].lotsRoot.has_value());
  CHECK_FALSE(plans[2].termsRoot.has_value());
}

TEST_CASE("a person's terms that were altered, left out or put in later are found") {
  const std::string one =
      "plan version 1: lots, tiers or funders of persons in the database are not";
  const std::string two =
      "plan version 2: lots, tiers or funders of persons in the database are not";
  DatedOffice office;
  SECTION("another lot") {
    CHECK(
        contains(office.after("UPDATE person_terms SET lot = 'west' WHERE plan_version = 2"), two));
  }
  SECTION("another tier, of what was replaced") {
    CHECK(
        contains(office.after("UPDATE person_terms SET tier = 'T9' WHERE plan_version = 1"), one));
  }
  SECTION("other payers") {
    CHECK(contains(office.after("UPDATE person_terms SET funder_split = 'a=10000'"), two));
  }
  SECTION("from another day") {
    CHECK(contains(office.after("UPDATE person_terms SET from_day = from_day - 9 "
                                "WHERE plan_version = 2"),
                   two));
  }
  SECTION("left out") {
    CHECK(contains(office.after("DELETE FROM person_terms WHERE plan_version = 2"), two));
  }
  SECTION("put in") {
    CHECK(
        contains(office.after("INSERT INTO person_terms SELECT provider_id, person_id, 77, 3, "
                              "NULL, 'west', '', '', '' FROM person_terms WHERE plan_version = 2"),
                 "plan version 3: lots, tiers or funders of persons"));
  }
  SECTION("put in for a version to come") {
    CHECK(
        contains(office.after("INSERT INTO person_terms SELECT provider_id, person_id, 77, 4, "
                              "NULL, 'west', '', '', '' FROM person_terms WHERE plan_version = 2"),
                 "plan version 4: there are lots, tiers or funders of persons of it"));
  }
  SECTION("put in place of another") {
    CHECK(contains(office.after("UPDATE person_terms SET replaced_version = 3 "
                                "WHERE plan_version = 2"),
                   "plan version 3: lots, tiers or funders of persons"));
  }
}

TEST_CASE("a lot of a contract that was altered, left out or put in later is found") {
  const std::string one = "plan version 1: lots of contracts in the database are not";
  DatedOffice office;
  SECTION("another role") {
    CHECK(contains(office.after("UPDATE contract_provider SET role = 'lead'"), one));
  }
  SECTION("from another day") {
    CHECK(contains(
        office.after("UPDATE contract_provider SET from_day = 30000 WHERE lot = 'north'"), one));
  }
  SECTION("another contract") {
    REQUIRE(
        office.database()
            .execute("INSERT INTO contract (contract_id, council_id, ref) SELECT 9, council_id, "
                     "'k9' FROM council")
            .ok());
    CHECK(contains(office.after("UPDATE contract_provider SET contract_id = 9 WHERE lot = 'north'"),
                   one));
  }
  SECTION("left out") {
    CHECK(contains(office.after("DELETE FROM contract_provider WHERE lot = 'south'"), one));
  }
  SECTION("put in") {
    CHECK(contains(office.after("INSERT INTO contract_provider (provider_id, lot, from_day, "
                                "plan_version, contract_id, role, reason) SELECT provider_id, "
                                "'west', 0, 2, contract_id, '', '' FROM contract_provider "
                                "WHERE lot = 'north'"),
                   "plan version 2: lots of contracts"));
  }
}

TEST_CASE("what judges a visit is found when it is not what the visit's versions come to") {
  DatedOffice office;
  for (const char* column :
       {"judging_version", "standing_version", "lock_unix_ms", "latest_start_unix_ms",
        "anchor_unix_ms", "first_made_unix_ms", "last_made_unix_ms", "changes_after",
        "changes_office", "changes_person", "changes_council", "standing_called",
        "newest_called"}) {
    INFO(column);
    const std::string name = column;
    const std::string found = office.after("UPDATE visit SET " + name + " = " + name + " + 1");
    CHECK(contains(found, name + " in the database is not what its plan versions come to"));
    CHECK(office.after("UPDATE visit SET " + name + " = " + name + " - 1").empty());
  }
  CHECK(contains(office.after("UPDATE visit SET judging_version = NULL"), "judging_version"));
}

TEST_CASE("a correction is in the log with its reason, and is no finding") {
  DatedOffice office;
  office.clock.advance(3 * 24 * 3'600'000);
  auto text = DatedOffice::dated("north", "2026-11-24T09:00:00");
  text.people =
      "person_ref,name,latitude,longitude,lot,lot_from,correction_reason\n"
      "p1,Ann Example,,,north,2026-11-20,she never moved\n";
  office.import(text);
  CHECK(office.findings().empty());
  bool said = false;
  for (const auto& fact : office.facts())
    if (const auto* corrected = std::get_if<visits::HistoryCorrected>(&fact.decision)) {
      said = true;
      CHECK(fact.reason == visits::OfficeReason::Correction);
      CHECK(fact.reasonText == "she never moved");
      CHECK(corrected->lot == "north");
      CHECK(corrected->person);
      CHECK(corrected->planVersion == 4);
    }
  CHECK(said);
}

}  // namespace
}  // namespace doorstep::office
