// SPDX-License-Identifier: Apache-2.0
#include "tests/support/replay/replay_rota_folder.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "shared/core/local_time.h"
#include "tests/support/temporary_folder.h"

using namespace doorstep;
using namespace doorstep::replay;

namespace {

// A folder of two carers, two visits and the given rows of actuals.csv.
Result<RotaFolder> readWith(const std::string& actuals) {
  const support::TemporaryFolder folder;
  std::ofstream(folder.path() / "people.csv")
      << "person_ref,name,latitude,longitude,lot\np1,Ann,,,north\n";
  std::ofstream(folder.path() / "carers.csv")
      << "\xEF\xBB\xBF"
         "name,carer_ref\r\n\"Moss, Lena\",c1\r\nTariq,c2\r\n";
  std::ofstream(folder.path() / "visits.csv") << "visit_ref,window_start,window_end\n"
                                                 "v1,2031-10-26T00:30:00,2031-10-26T00:45:00\n"
                                                 "v2,2031-10-26T05:00:00,2031-10-26T05:30:00\n";
  std::ofstream(folder.path() / "actuals.csv") << "visit_ref,carer_ref,check_in,check_out\n"
                                               << actuals;
  return readRotaFolder(folder.path());
}

std::int64_t unixMs(const char* london) { return londonToUnixMs(london).value(); }

}  // namespace

TEST_CASE("taps come in the order of time, whoever's they are and however the rows stand") {
  const RotaFolder rota = readWith(
                              "v2,c1,2031-10-26T05:10:00,2031-10-26T05:40:30\n"
                              "v1,c2,2031-10-26T00:50,2031-10-26T00:50\n")
                              .value();
  CHECK(rota.carerRefs == std::vector<std::string>{"c1", "c2"});
  REQUIRE(rota.taps.size() == 4);
  CHECK(rota.taps[0].tap == Tap::CheckIn);
  CHECK(rota.taps[0].carerRef == "c2");
  CHECK(rota.taps[1].tap == Tap::CheckOut);
  CHECK(rota.taps[3].unixMs == unixMs("2031-10-26T05:40:30"));
  CHECK(rota.firstUnixMs == unixMs("2031-10-26T00:30:00"));
  CHECK(rota.lastUnixMs == unixMs("2031-10-26T05:40:30"));
}

TEST_CASE("a check-out in the hour that autumn repeats is after its check-in") {
  const RotaFolder rota = readWith("v1,c1,2031-10-26T01:40:00,2031-10-26T01:20:00\n").value();
  REQUIRE(rota.taps.size() == 2);
  CHECK(rota.taps[0].tap == Tap::CheckIn);
  CHECK(rota.taps[1].unixMs - rota.taps[0].unixMs == 40 * 60'000);
}

TEST_CASE("a missing time is a tap that was not made") {
  const RotaFolder rota = readWith("v1,c1,2031-10-26T00:40:00,\nv2,c1,,\n").value();
  REQUIRE(rota.taps.size() == 1);
  CHECK(rota.taps[0].tap == Tap::CheckIn);
}

TEST_CASE("rows that nobody's phone could record are told and skipped") {
  const RotaFolder rota = readWith(
                              "v1,,2031-10-26T00:40:00,2031-10-26T00:50:00\n"
                              "v2,c1,2031-10-26T05:10:00,\n"
                              "v2,c1,2031-10-26T05:20:00,\n")
                              .value();
  CHECK(rota.taps.size() == 1);
  REQUIRE(rota.warnings.size() == 2);
  CHECK(rota.warnings[0].find("actuals.csv:2:") == 0);
  CHECK(rota.warnings[1].find("actuals.csv:4:") == 0);
}

TEST_CASE("every fault of the actuals is named with its line and column") {
  const auto rota =
      readWith("v9,c1,2031-10-26T00:40:00,\nv1,c9,2031-10-26T0:40,\nv2,c2,2031-03-30T01:30:00,\n");
  REQUIRE_FALSE(rota.ok());
  CHECK(rota.error().reason == "ROTA_FAULTS");
  for (const char* fault : {"actuals.csv:2: visit_ref:", "actuals.csv:3: carer_ref:",
                            "actuals.csv:3: check_in:", "actuals.csv:4: check_in:"})
    CHECK(rota.error().text.find(fault) != std::string::npos);
}

TEST_CASE("a folder without one of the four files is refused") {
  const support::TemporaryFolder folder;
  CHECK(readRotaFolder(folder.path()).error().reason == "ROTA_FILE_MISSING");
}
