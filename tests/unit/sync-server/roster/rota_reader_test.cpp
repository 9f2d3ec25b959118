// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>

#include "sync-server/roster/limits.h"
#include "sync-server/roster/rota/rota.h"
#include "sync-server/roster/rota/rota_reader.h"
#include "tests/support/office_fixture.h"

namespace doorstep::roster {
namespace {

using support::RotaText;

// A rota without a fault: two people, two carers, and a visit for two of them after one for one.
RotaText goodRota() {
  RotaText text;
  text.people += "p1,Ann Example,52.6369,-1.1398,north\np2,Bob Example,,,north\n";
  text.carers += "c1,Cara\nc2,Dan\n";
  text.visits +=
      "v1,p1,1,1,c1,morning,2026-11-23T07:30:00,2026-11-23T08:30:00,30,,,\n"
      "v2,p1,1,2,c1,lunch,2026-11-23T11:30:00,2026-11-23T12:30:00,45,v1,60,300\n"
      "v2,p1,2,2,,lunch,2026-11-23T11:30:00,2026-11-23T12:30:00,45,v1,60,300\n";
  return text;
}

// The faults as "file:line:column REASON", one after another.
std::string faultsOf(const RotaText& text) {
  FaultList faults;
  support::readText(text, faults);
  std::string told;
  for (const auto& fault : faults.listed())
    told += fault.file + ":" + std::to_string(fault.line) + ":" + fault.column + " " +
            fault.reason + "\n";
  return told;
}

std::string faultsOfVisits(const std::string& rows) {
  RotaText text = goodRota();
  text.visits += rows;
  return faultsOf(text);
}

TEST_CASE("a rota without a fault is read with its slots, tasks and order") {
  FaultList faults;
  RotaText text = goodRota();
  text.tasks =
      "service,task_number,code,text,critical\nlunch,2,NU03,Drink,no\nlunch,1,ME02,Pills,yes\n";
  const Rota rota = support::readText(text, faults);
  REQUIRE(faults.empty());
  REQUIRE(rota.visits.size() == 2);
  CHECK(rota.visits[0].windowStartUnixMs == londonToUnixMs("2026-11-23T07:30:00").value());
  CHECK(rota.visits[1].carers == std::vector<std::uint32_t>{0, kNobody});
  CHECK(rota.visits[1].after == 0);
  CHECK(rota.visits[1].maxGapMin == 300);
  CHECK(rota.people[1].latitudeDeg == std::nullopt);
  REQUIRE(rota.tasks.at("lunch").size() == 2);
  CHECK(rota.tasks.at("lunch")[0].critical);
}

TEST_CASE("a file that is missing or empty is a fault of the file") {
  FaultList faults;
  std::istringstream empty("");
  readRota({&empty, nullptr, nullptr}, faults);
  REQUIRE(faults.listed().size() == 3);
  CHECK(faults.listed()[0].reason == "FILE_EMPTY");
  CHECK(faults.listed()[1] ==
        RotaFault{"carers.csv", 0, "", "FILE_MISSING", "The rota needs a file carers.csv."});
}

TEST_CASE("a missing column is the only fault it causes") {
  RotaText text = goodRota();
  text.people = "person_ref,name,longitude,lot\np1,Ann,1,north\n";
  CHECK(faultsOf(text) == "people.csv:1:latitude COLUMN_MISSING\n");
}

TEST_CASE("a column that the header names twice is a fault") {
  RotaText text = goodRota();
  text.carers = "carer_ref,name,name\nc1,Cara,Cara\nc2,Dan,Dan\n";
  CHECK(faultsOf(text) == "carers.csv:1:name COLUMN_TWICE\n");
}

TEST_CASE("columns stand in any order and unknown ones are skipped") {
  RotaText text = goodRota();
  text.carers = "skills,name,carer_ref\nx y,Cara,c1\n,Dan,c2\n";
  CHECK(faultsOf(text).empty());
}

TEST_CASE("every fault of a row is told with its column") {
  CHECK(faultsOfVisits("v3,p9,3,2,c9,,2026-11-23T25:00:00,2026-11-23,0,v9,x,1\n") ==
        "visits.csv:5:carer_slot OUT_OF_RANGE\n"
        "visits.csv:5:person_ref UNKNOWN_REFERENCE\n"
        "visits.csv:5:window_start TIME_FORMAT\n"
        "visits.csv:5:window_end TIME_FORMAT\n"
        "visits.csv:5:duration_min OUT_OF_RANGE\n"
        "visits.csv:5:min_gap_min NOT_A_NUMBER\n"
        "visits.csv:5:service EMPTY\n"
        "visits.csv:5:carer_ref UNKNOWN_REFERENCE\n"
        "visits.csv:5:after_visit_ref UNKNOWN_REFERENCE\n");
}

TEST_CASE("a reference to nobody is a fault") {
  CHECK(faultsOfVisits("v3,p9,1,1,c1,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30,,,\n") ==
        "visits.csv:5:person_ref UNKNOWN_REFERENCE\n");
  CHECK(faultsOfVisits("v3,p1,1,1,c9,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30,,,\n") ==
        "visits.csv:5:carer_ref UNKNOWN_REFERENCE\n");
}

TEST_CASE("an id that stands twice is a fault of the second line") {
  RotaText text = goodRota();
  text.people += "p1,Ann Again,,,north\n";
  text.visits += "v1,p1,1,1,c1,morning,2026-11-23T07:30:00,2026-11-23T08:30:00,30,,,\n";
  CHECK(faultsOf(text) ==
        "people.csv:4:person_ref DUPLICATE_ID\nvisits.csv:5:carer_slot DUPLICATE_ID\n");
}

TEST_CASE("a window that ends before it starts is a fault, one of a single moment is none") {
  CHECK(faultsOfVisits("v3,p1,1,1,c1,tea,2026-11-23T17:00:00,2026-11-23T16:59:00,30,,,\n") ==
        "visits.csv:5:window_end ENDS_BEFORE_START\n");
  CHECK(faultsOfVisits("v3,p1,1,1,c1,tea,2026-11-23T17:00:00,2026-11-23T17:00:00,30,,,\n").empty());
}

TEST_CASE("a time that the clocks skip in spring is a fault") {
  CHECK(faultsOfVisits("v3,p1,1,1,c1,night,2027-03-28T01:30:00,2027-03-28T02:30:00,30,,,\n") ==
        "visits.csv:5:window_start TIME_SKIPPED\n");
}

TEST_CASE("bytes that are not UTF-8 are a fault of their column, in any column") {
  RotaText text = goodRota();
  text.people += "p3,Zo\xEB Example,,,north\n";
  text.carers = "carer_ref,name,skills\nc1,Cara,\xC0\xAF\nc2,Dan,\n";
  CHECK(faultsOf(text) == "people.csv:4:name NOT_UTF8\ncarers.csv:2:skills NOT_UTF8\n");
}

TEST_CASE("a column name that is not UTF-8 is the only fault it causes") {
  RotaText text = goodRota();
  text.carers =
      "carer_ref,name,Stra\xDF"
      "e\nc1,Cara,\nc2,Dan,\n";
  CHECK(faultsOf(text) == "carers.csv:1: NOT_UTF8\n");
}

TEST_CASE("a line that cannot be read is the only fault it causes") {
  for (const char* broken :
       {"p1,\"Ann\"x,52.6369,-1.1398,north\n", "p1,Ann,Example,52.6369,-1.1398,north\n"}) {
    RotaText text = goodRota();
    text.people = std::string("person_ref,name,latitude,longitude,lot\n") + broken +
                  "p2,Bob Example,,,north\n";
    CHECK(faultsOf(text).find("visits.csv") == std::string::npos);
    CHECK(faultsOf(text).find("people.csv:2: ") == 0);
  }
}

TEST_CASE("a visit needs a row for each slot, and its rows say the same") {
  CHECK(faultsOfVisits("v3,p1,2,2,c1,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30,,,\n") ==
        "visits.csv:5:carer_slot SLOT_MISSING\n");
  CHECK(faultsOfVisits("v3,p1,1,2,c1,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30,,,\n"
                       "v3,p2,2,2,c2,tea,2026-11-23T16:00:00,2026-11-23T17:30:00,30,,,\n") ==
        "visits.csv:6:person_ref ROWS_DISAGREE\nvisits.csv:6:window_end ROWS_DISAGREE\n");
}

TEST_CASE("the carers of a visit may come for different services") {
  CHECK(faultsOfVisits("v3,p1,2,2,c1,lunch,2026-11-23T16:00:00,2026-11-23T17:00:00,30,,,\n"
                       "v3,p1,1,2,c2,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30,,,\n")
            .empty());
}

TEST_CASE("one carer cannot fill two slots of a visit") {
  CHECK(faultsOfVisits("v3,p1,1,2,c1,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30,,,\n"
                       "v3,p1,2,2,c1,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30,,,\n") ==
        "visits.csv:6:carer_ref SAME_CARER_TWICE\nvisits.csv:5:carer_slot SLOT_MISSING\n");
}

TEST_CASE("visits that follow each other in a circle are a fault, a chain is none") {
  const std::string times = ",p1,1,1,c1,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30,";
  CHECK(faultsOfVisits("v3" + times + "v4,,\nv4" + times + "v5,,\nv5" + times + "v3,,\n") ==
        "visits.csv:5:after_visit_ref AFTER_CIRCLE\n");
  CHECK(faultsOfVisits("v3" + times + "v3,,\n") == "visits.csv:5:after_visit_ref AFTER_CIRCLE\n");
  CHECK(faultsOfVisits("v3" + times + "v4,,\nv4" + times + "v5,,\nv5" + times + "v1,,\n").empty());
}

TEST_CASE("values that are too long or hold control characters are faults") {
  RotaText text = goodRota();
  text.people += "p3," + std::string(kNameBytesMax + 1, 'x') + ",,,north\np4,Ann\x1B[2J,,,north\n";
  CHECK(faultsOf(text) == "people.csv:4:name TOO_LONG\npeople.csv:5:name CONTROL_BYTES\n");
}

TEST_CASE("places are decimal degrees, both or neither") {
  RotaText text = goodRota();
  text.people += "p3,Ann,91,0,north\np4,Ann,52.6,,north\np5,Ann,nan,1e2,north\n";
  CHECK(faultsOf(text) ==
        "people.csv:4:latitude OUT_OF_RANGE\npeople.csv:5:longitude EMPTY\n"
        "people.csv:6:latitude NOT_A_NUMBER\npeople.csv:6:longitude NOT_A_NUMBER\n");
}

TEST_CASE("faults beyond the bound are counted") {
  std::string rows;
  for (std::size_t i = 0; i < kFaultsListedMax + 50; ++i)
    rows += "x,y\n";
  RotaText text = goodRota();
  text.visits += rows;
  FaultList faults;
  support::readText(text, faults);
  CHECK(faults.listed().size() == kFaultsListedMax);
  CHECK(faults.notListed() == 50);
}

TEST_CASE("more rows than the limit end the file with one fault") {
  RotaText text = goodRota();
  text.tasks = "service,task_number,code,text\n";
  for (std::size_t i = 0; i < kServiceTasksMax + 5; ++i)
    *text.tasks += "s" + std::to_string(i) + ",1,NU03,Drink\n";
  CHECK(faultsOf(text) ==
        "tasks.csv:" + std::to_string(kServiceTasksMax + 2) + ": TOO_MANY_ROWS\n");
}

TEST_CASE("a fault's text quotes a bounded part of the value without control bytes") {
  CHECK(quoteValue("a\nb\x7F"
                   "c") == "\"abc\"");
  CHECK(quoteValue("\xFF\xC3\xA9") == "\"?\xC3\xA9\"");
  CHECK(quoteValue(std::string(100, 'x')) == "\"" + std::string(40, 'x') + "…\"");
}

}  // namespace
}  // namespace doorstep::roster
