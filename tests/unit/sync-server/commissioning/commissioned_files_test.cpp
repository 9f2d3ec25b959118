// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/commissioned_files.h"

#include "sync-server/commissioning/limits.h"
#include "sync-server/roster/limits.h"
#include "tests/unit/sync-server/commissioning/commissioned_office.h"

namespace doorstep::commissioning {
namespace {

// The only fault: its column and reason.
std::string faultOf(const CommissionedText& text) {
  roster::FaultList faults;
  (void)readText(text, faults);
  std::string told;
  for (const auto& fault : faults.listed())
    told += (told.empty() ? "" : " ") + fault.column + ":" + fault.reason;
  return told;
}

std::string packageFault(const std::string& columns, const std::string& rows) {
  return faultOf({{}, {}, "person_ref,service_kind,week_minutes,from" + columns + "\n" + rows, {}});
}

TEST_CASE("two packages of a person and kind on one day are a fault") {
  CHECK(packageFault(",until", "p1,day,300,2026-11-25,2026-11-30\np1,day,300,2026-11-30,\n") ==
        "from:PACKAGES_OVERLAP");
  CHECK(packageFault("", "p1,day,300,2026-11-25\np1,day,300,2026-12-25\n") ==
        "from:PACKAGES_OVERLAP");
  CHECK(packageFault("", "p1,day,300,2026-11-25\np1,day,300,2026-11-25\n") ==
        "from:PACKAGES_OVERLAP");
  CHECK(packageFault(",until", "p1,day,300,2026-12-01,\np1,day,300,2026-11-25,2026-11-30\n") == "");
  CHECK(packageFault("",
                     "p1,day,300,2026-11-25\np1,sleep_in,300,2026-11-25\n"
                     "p2,day,300,2026-11-25\n") == "");
}

TEST_CASE("a value that a package cannot have is a fault at its column") {
  CHECK(packageFault("", "p1,night,300,2026-11-25\n") == "service_kind:NOT_IN_LIST");
  CHECK(packageFault("", "p1,,300,2026-11-25\n").find("service_kind:EMPTY") == 0);
  CHECK(packageFault("", "p1,day,-1,2026-11-25\n") == "week_minutes:NOT_A_NUMBER");
  CHECK(packageFault("", "p1,day,1000000000,2026-11-25\n") == "week_minutes:OUT_OF_RANGE");
  CHECK(packageFault("", "p1,day,300,someday\n") == "from:DAY_FORMAT");
  CHECK(packageFault("", "p1,day,300,\n") == "from:EMPTY");
  CHECK(packageFault(",until", "p1,day,300,2026-11-25,2026-11-24\n") == "until:ENDS_BEFORE_START");
  CHECK(packageFault(",model", "p1,day,300,2026-11-25,free\n") == "model:NOT_IN_LIST");
  CHECK(packageFault(",funder_split", "p1,day,300,2026-11-25,council=11000\n") ==
        "funder_split:FUNDER_FORMAT");
  CHECK(packageFault(",funder_split", "p1,day,300,2026-11-25,council=7000;health=4000\n") ==
        "funder_split:FUNDER_FORMAT");
  CHECK(packageFault(",short_visit_agreed", "p1,day,300,2026-11-25,yes\n") ==
        "short_visit_basis:SHORT_VISIT_BASIS_MISSING");
  CHECK(packageFault(",suspended_reason", "p1,day,300,2026-11-25,hospital\n") ==
        "suspended_from:EMPTY");
  CHECK(packageFault(",patch", "p1,day,300,2026-11-25," + std::string(65, 'x') + "\n") ==
        "patch:TOO_LONG");
}

TEST_CASE("a pause has days of its package only") {
  const std::string columns = ",until,suspended_reason,suspended_from,suspended_until";
  const std::string package = "p1,day,300,2026-11-25,2026-12-25,hospital,";
  CHECK(packageFault(columns, package + "2026-11-25,2026-12-25\n") == "");
  CHECK(packageFault(columns, "p1,day,300,2026-11-25,,holiday,2026-12-01,\n") == "");
  CHECK(packageFault(columns, package + "2026-11-24,2026-12-01\n") ==
        "suspended_from:PAUSE_OUTSIDE_PACKAGE");
  CHECK(packageFault(columns, package + "2026-12-01,2026-12-26\n") ==
        "suspended_from:PAUSE_OUTSIDE_PACKAGE");
  CHECK(packageFault(columns, package + "2026-12-01,\n") == "suspended_from:PAUSE_OUTSIDE_PACKAGE");
}

TEST_CASE("lines of one lot that contradict each other are a fault") {
  const auto lots = [](const std::string& rows) {
    return faultOf({{}, "contract_ref,lot,patch,from,outline_geojson\n" + rows, {}, {}});
  };
  const std::string outline =
      "\"{\"\"type\"\":\"\"Polygon\"\",\"\"coordinates\"\":[[[0,0],[1,0],[1,1],[0,0]]]}\"\n";
  CHECK(lots("k1,north,a,2026-11-25," + outline + "k1,north,b,2026-11-25,\n") == "");
  CHECK(lots("k1,north,a,2026-11-25," + outline + "k1,north,b,2027-11-25," + outline) == "");
  CHECK(lots("k1,north,a,," + outline + "k1,north,b,," + outline) == "lot:ROWS_DISAGREE");
  CHECK(lots("k1,north,a,2026-11-25,\nk1,north,b,,\n") == "from:ROWS_DISAGREE");
}

TEST_CASE("two prices from one day are a fault") {
  const auto rates = [](const std::string& rows) {
    return faultOf({{}, {}, {}, "contract_ref,service_kind,day_kind,from,pence_per_hour\n" + rows});
  };
  CHECK(rates("k1,day,weekday,2026-11-25,1\nk1,day,sunday,2026-11-25,2\n") == "");
  CHECK(rates("k1,day,weekday,2026-11-25,1\nk1,day,weekday,2026-11-25,2\n") == "from:DUPLICATE_ID");
}

TEST_CASE("an outline is GeoJSON of a polygon") {
  const auto outline = [](const std::string& text) {
    return faultOf(
        {{}, "contract_ref,lot,patch,outline_geojson\nk1,north,a,\"" + text + "\"\n", {}, {}});
  };
  CHECK(outline(
            "{\"\"type\"\":\"\"Polygon\"\",\"\"coordinates\"\":[[[0,52],[1,52],[1,53],[0,52]]]}") ==
        "");
  CHECK(outline("POLYGON((0 52))") == "outline_geojson:OUTLINE_FORMAT");
}

TEST_CASE("a patch's outline stands in its own line") {
  const std::string header = "contract_ref,lot,patch,from,patch_outline_geojson\n";
  const std::string outline =
      "\"{\"\"type\"\":\"\"Polygon\"\",\"\"coordinates\"\":[[[0,52],[1,52],[1,53],[0,52]]]}\"\n";
  roster::FaultList faults;
  const Commissioned read = readText(
      {{}, header + "k1,north,a,2026-11-25," + outline + "k1,north,b,2026-11-25,\n", {}, {}},
      faults);
  CHECK(faults.listed().empty());
  REQUIRE(read.lots.size() == 1);
  const auto& patches = read.lots[0].description.patches();
  REQUIRE(patches.size() == 2);
  CHECK(patches[0].outline_geojson().rfind("{\"type\":\"Polygon\"", 0) == 0);
  CHECK(patches[1].outline_geojson().empty());
  CHECK(faultOf({{}, header + "k1,north,,2026-11-25," + outline, {}, {}}) == "patch:EMPTY");
  CHECK(faultOf({{}, header + "k1,north,a,2026-11-25,here\n", {}, {}}) ==
        "patch_outline_geojson:OUTLINE_FORMAT");
}

TEST_CASE("a million faults are listed by their first fifty, and the rest counted") {
  std::string rows = "person_ref,service_kind,week_minutes,from\n";
  constexpr std::size_t kRows = 300'000;
  for (std::size_t i = 0; i < kRows; ++i)
    rows += ",night,-1,never\n";
  roster::FaultList faults;
  const Commissioned read = readText({{}, {}, rows, {}}, faults);
  CHECK(read.packages.empty());
  CHECK(faults.listed().size() == 4 * roster::kFaultsListedMax);
  CHECK(faults.notListed() == 4 * (kRows - roster::kFaultsListedMax));
}

TEST_CASE("a file with more rows than packages can be is refused") {
  std::string rows = "council,kind\n";
  for (std::size_t i = 0; i <= kSmallFileRowsMax; ++i)
    rows += "c" + std::to_string(i) + ",council\n";
  CHECK(faultOf({rows, {}, {}, {}}) == ":TOO_MANY_ROWS");
}

TEST_CASE("tier and funders of packages are given to people who have none") {
  roster::Rota rota;
  rota.people.resize(2);
  rota.people[0].ref = "p1";
  rota.people[1].ref = "p2";
  rota.people[1].tier = "1";
  roster::FaultList faults;
  const auto read = [&](const std::string& rows) {
    return readText(
        {{}, {}, "person_ref,service_kind,week_minutes,from,until,tier,funder_split\n" + rows, {}},
        faults);
  };
  SECTION("the newest package says it") {
    giveTerms(read("p1,day,1,2026-01-01,2026-02-01,2,\np1,day,1,2026-03-01,,3,health=10000\n"),
              rota, faults);
    CHECK(faults.empty());
    CHECK(rota.people[0].tier == "3");
    CHECK(rota.people[0].funderSplit == "health=10000");
  }
  SECTION("people.csv says otherwise") {
    giveTerms(read("p2,day,1,2026-01-01,,2,\n"), rota, faults);
    REQUIRE(faults.listed().size() == 1);
    CHECK(faults.listed().front().reason == "TERMS_DISAGREE");
  }
  SECTION("two packages of one day disagree") {
    giveTerms(read("p1,day,1,2026-01-01,,2,\np1,sleep_in,1,2026-01-01,,3,\n"), rota, faults);
    REQUIRE(faults.listed().size() == 1);
    CHECK(faults.listed().front().reason == "TERMS_DISAGREE");
  }
  SECTION("nobody of people.csv") {
    giveTerms(read("p9,day,1,2026-01-01,,2,\n"), rota, faults);
    REQUIRE(faults.listed().size() == 1);
    CHECK(faults.listed().front().reason == "TERMS_NEED_PERSON");
  }
}

}  // namespace
}  // namespace doorstep::commissioning
