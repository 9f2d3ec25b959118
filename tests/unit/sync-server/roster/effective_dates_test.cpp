// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/roster/contract_lots.h"
#include "sync-server/roster/person_terms.h"
#include "tests/unit/sync-server/roster/plan_phone.h"

namespace doorstep::roster {
namespace {

constexpr const char* kPeopleHead = "person_ref,name,latitude,longitude,lot,lot_from\n";

// A rota of one person on two days of the week, in a lot.
RotaText oneWeek(const std::string& lot, const std::string& lotFrom = {},
                 const std::string& firstDay = "2026-11-24") {
  RotaText text;
  text.people = kPeopleHead + ("p1,Ann,,," + lot + "," + lotFrom + "\n");
  text.carers += "c1,Cara\n";
  text.visits += visitRow("a", "p1", "c1", firstDay) + visitRow("b", "p1", "c1", "2026-11-27");
  return text;
}

std::string lotOn(OfficeFixture& office, const std::string& day) {
  auto row = office.database().prepare("SELECT person_id FROM person WHERE ref = 'p1'");
  REQUIRE(row->step().ok());
  const PersonId person(row->columnId(0));
  row->reset();
  const auto terms = personTerms(office.database(), office.provider, person);
  return termsAt(*terms, *londonToUnixMs(day + "T12:00:00")).lot;
}

TEST_CASE("a new person's lot holds since always") {
  OfficeFixture office;  // Monday 23 November 2026, 06:00
  office.import(oneWeek("north"));
  CHECK(lotOn(office, "2026-11-01") == "north");
  CHECK(lotOn(office, "2027-06-01") == "north");
}

TEST_CASE("another lot begins on the day of the person's first visit in the file") {
  OfficeFixture office;
  office.import(oneWeek("north"));
  office.import(oneWeek("south"));
  CHECK(lotOn(office, "2026-11-23") == "north");
  CHECK(lotOn(office, "2026-11-24") == "south");
}

TEST_CASE("another lot never moves a day that has begun, whatever days the file has") {
  OfficeFixture office;
  office.import(oneWeek("north"));
  office.clock.advance(kDayMs + 12 * 3'600'000);  // Tuesday evening: visit a is over
  office.import(oneWeek("south"));
  CHECK(lotOn(office, "2026-11-24") == "north");
  CHECK(lotOn(office, "2026-11-25") == "south");
  CHECK(lotOn(office, "2026-11-27") == "south");
}

TEST_CASE("a visit that has begun keeps its day's lot when the plan moves it afterwards") {
  OfficeFixture office;
  office.import(oneWeek("north", {}, "2026-11-23"));
  office.clock.advance(12 * 3'600'000);  // Monday evening: visit a is over
  RotaText moved = oneWeek("north", {}, "2026-11-25");
  moved.visits += visitRow("z", "p1", "c1", "2026-11-22");
  office.import(moved);
  moved.people = oneWeek("south").people;
  office.import(moved);
  CHECK(lotOn(office, "2026-11-23") == "north");
  CHECK(lotOn(office, "2026-11-24") == "south");
}

TEST_CASE("lot_from says from when, keeps what was before, and a past day is a fault") {
  OfficeFixture office;
  office.import(oneWeek("north"));
  office.import(oneWeek("south", "2026-11-26"));
  CHECK(lotOn(office, "2026-11-25") == "north");
  CHECK(lotOn(office, "2026-11-26") == "south");
  // The same file again, also when the day is over, changes nothing.
  const std::uint64_t version = office.import(oneWeek("south", "2026-11-26")).commit.planVersion;
  office.clock.advance(5 * kDayMs);
  CHECK(office.import(oneWeek("south", "2026-11-26")).commit.planVersion == version);
  roster::FaultList faults;
  CHECK_FALSE(office.tryImport(oneWeek("west", "2026-11-20"), faults).ok());
  REQUIRE(faults.listed().size() == 1);
  CHECK(faults.listed()[0].reason == "LOT_FROM_PAST");
  CHECK(faults.listed()[0].column == "lot_from");
  CHECK(faults.listed()[0].text.find("2026-11-28") != std::string::npos);
  CHECK(lotOn(office, "2026-11-26") == "south");
}

TEST_CASE("what is announced for later stays announced while files go on with the lot of today") {
  OfficeFixture office;
  office.import(oneWeek("north"));
  office.import(oneWeek("south", "2026-12-01"));
  office.import(oneWeek("north"));
  CHECK(lotOn(office, "2026-11-30") == "north");
  CHECK(lotOn(office, "2026-12-01") == "south");
  office.import(oneWeek("north", "2026-11-30"));
  CHECK(lotOn(office, "2026-12-01") == "north");
}

TEST_CASE("a day is read as dates are, and what is none is a fault in words") {
  for (const char* good : {"2026-11-26", "26/11/2026", "26.11.2026", "2026-11-26T00:00:00"}) {
    INFO(good);
    OfficeFixture office;
    office.import(oneWeek("north"));
    office.import(oneWeek("south", good));
    CHECK(lotOn(office, "2026-11-25") == "north");
    CHECK(lotOn(office, "2026-11-26") == "south");
  }
  for (const char* bad : {"soon", "46352", "2026-02-30", "05/06/2026"}) {
    INFO(bad);
    FaultList faults;
    readText(oneWeek("north", bad), faults);
    REQUIRE(faults.listed().size() == 1);
    CHECK(faults.listed()[0].column == "lot_from");
  }
}

TEST_CASE("tier and funders are dated like the lot, and shares must sum up") {
  OfficeFixture office;
  RotaText text = oneWeek("north");
  text.people =
      "person_ref,name,latitude,longitude,lot,tier,funder_split\n"
      "p1,Ann,,,north,T2,council=7000;health=3000\n";
  office.import(text);
  auto row = office.database().prepare("SELECT tier, funder_split FROM person_terms");
  REQUIRE(*row->step());
  CHECK(row->columnText(0) == "T2");
  CHECK(row->columnText(1) == "council=7000;health=3000");
  row->reset();
  for (const char* bad : {"council=7000", "council=7000;council=3000", "=10000", "a=10000;",
                          "A=10000", "a", "a=99999999999999999999"}) {
    INFO(bad);
    FaultList faults;
    text.people = std::string("person_ref,name,latitude,longitude,lot,funder_split\np1,Ann,,,n,") +
                  bad + "\n";
    readText(text, faults);
    REQUIRE(faults.listed().size() == 1);
    CHECK(faults.listed()[0].reason == "FUNDER_FORMAT");
  }
}

TEST_CASE("a lot passes to another council's contract from a day on, and not in the past") {
  OfficeFixture office;
  const auto imported = [&](const std::string& contracts) {
    RotaText text = oneWeek("north");
    text.contracts = "contract_ref,council,lot,lot_from,provider_role\n" + contracts;
    FaultList faults;
    const auto done = office.tryImport(text, faults);
    return done.ok() ? std::string() : faults.listed().at(0).reason;
  };
  CHECK(imported("k1,Leicestershire,north,,lead\n").empty());
  CHECK(imported("k2,Rutland,north,,\n") == "LOT_OF_ANOTHER_CONTRACT");
  CHECK(imported("k2,Rutland,north,2026-11-23,\n") == "LOT_FROM_PAST");
  CHECK(imported("k2,Rutland,north,2026-12-01,supplementary\n").empty());
  CHECK(imported("k2,Rutland,north,2026-12-01,supplementary\n").empty());
  CHECK(imported("k2,Rutland,north,,boss\n") == "NOT_IN_LIST");
  const ContractLots lots(*contracts(office.database()));
  const auto at = [&](const std::string& day) { return *londonToUnixMs(day + "T12:00:00"); };
  CHECK(lots.contractOf(office.provider, "north", at("2026-11-30"))->ref == "k1");
  CHECK(lots.contractOf(office.provider, "north", at("2026-12-01"))->ref == "k2");
  CHECK(lots.roleOf(office.provider, "north", at("2026-11-30")) == "lead");
  CHECK(lots.roleOf(office.provider, "north", at("2026-12-01")) == "supplementary");
  CHECK(lots.contractOf(office.provider, "west", at("2026-12-01")) == nullptr);
}

constexpr const char* kCorrectionHead =
    "person_ref,name,latitude,longitude,lot,lot_from,correction_reason\n";

RotaText correction(const std::string& lot, const std::string& from, const std::string& reason) {
  RotaText text = oneWeek(lot);
  text.people = kCorrectionHead + ("p1,Ann,,," + lot + "," + from + "," + reason + "\n");
  return text;
}

TEST_CASE("with a reason lot_from may name a day that has begun, and what was said before stays") {
  OfficeFixture office;
  office.import(oneWeek("north"));
  office.clock.advance(5 * kDayMs);
  FaultList faults;
  CHECK_FALSE(office.tryImport(correction("south", "2026-11-25", ""), faults).ok());
  CHECK(faults.listed().at(0).reason == "LOT_FROM_PAST");
  CHECK(faults.listed().at(0).text.find("correction_reason") != std::string::npos);
  office.import(correction("south", "2026-11-25", "moved on Wednesday"));
  CHECK(lotOn(office, "2026-11-24") == "north");
  CHECK(lotOn(office, "2026-11-25") == "south");
  // The same file again corrects nothing, and a second correction replaces the first.
  const auto version = office.import(correction("south", "2026-11-25", "again")).commit.planVersion;
  CHECK(office.import(correction("south", "2026-11-25", "again")).commit.planVersion == version);
  office.import(correction("west", "2026-11-25", "it was the west"));
  CHECK(lotOn(office, "2026-11-25") == "west");
  auto row = office.database().prepare("SELECT person_id FROM person");
  REQUIRE(row->step().ok());
  const PersonId person(row->columnId(0));
  row->reset();
  const auto before = replacedTerms(office.database(), office.provider, person,
                                    londonDayNumber(*londonToUnixMs("2026-11-27T12:00:00")));
  REQUIRE(before.ok());
  REQUIRE(before->size() == 2);
  CHECK(before->at(0).terms.lot == "north");
  CHECK(before->at(0).terms.madeUnixMs == office.clock.wallUnixMs() - 5 * kDayMs);
  CHECK(before->at(1).terms.lot == "south");
  CHECK(before->at(1).terms.reason == "moved on Wednesday");
  CHECK(before->at(1).replacedUnixMs == office.clock.wallUnixMs());
}

TEST_CASE("a correction without a day is a fault in words") {
  FaultList faults;
  readText(correction("south", "", "why not"), faults);
  REQUIRE(faults.listed().size() == 1);
  CHECK(faults.listed()[0].column == "lot_from");
  CHECK(faults.listed()[0].reason == "EMPTY");
}

TEST_CASE("with a reason a lot passes to another council's contract on a day that has begun") {
  OfficeFixture office;
  const auto imported = [&](const std::string& contracts) {
    RotaText text = oneWeek("north");
    text.contracts = "contract_ref,council,lot,lot_from,correction_reason\n" + contracts;
    FaultList faults;
    const auto done = office.tryImport(text, faults);
    return done.ok() ? std::string() : faults.listed().at(0).reason;
  };
  CHECK(imported("k1,Leicestershire,north,,\n").empty());
  CHECK(imported("k2,Rutland,north,2026-11-20,\n") == "LOT_FROM_PAST");
  CHECK(imported("k2,Rutland,north,2026-11-20,the boundary was read wrongly\n").empty());
  CHECK(imported("k2,Rutland,north,2026-11-20,the boundary was read wrongly\n").empty());
  const ContractLots lots(*contracts(office.database()));
  const auto at = [&](const std::string& day) { return *londonToUnixMs(day + "T12:00:00"); };
  CHECK(lots.contractOf(office.provider, "north", at("2026-11-19"))->ref == "k1");
  CHECK(lots.contractOf(office.provider, "north", at("2026-11-20"))->ref == "k2");
  CHECK(lots.lotPeriodOf(office.provider, "north", at("2026-11-20"))->reason ==
        "the boundary was read wrongly");
}

}  // namespace
}  // namespace doorstep::roster
