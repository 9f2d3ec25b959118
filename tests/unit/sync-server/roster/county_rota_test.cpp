// SPDX-License-Identifier: Apache-2.0
#include "tests/support/county/county_rota.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/county/county_files.h"
#include "tests/support/office_fixture.h"

namespace doorstep::county {
namespace {

County countyOf(double scale, int days = 1) {
  auto made = makeCounty({7, "2026-11-23", days, scale});
  REQUIRE(made.ok());
  return std::move(made).value();
}

TEST_CASE(
    "a county has 18 lots, each with a lead and a supplementary provider, and the published mix of "
    "visits") {
  const County county = countyOf(0.2);
  std::map<std::string, int> providersOfLot;
  std::size_t visits = 0, doubleHanded = 0, shortOnes = 0, longOnes = 0, morning = 0, people = 0;
  for (const Provider& provider : county.providers) {
    people += provider.people.size();
    for (const auto& lot : provider.lots)
      ++providersOfLot[lot];
    for (const Visit& visit : provider.visits) {
      ++visits;
      doubleHanded += visit.carers.size() == 2;
      shortOnes += visit.durationMin <= 15;
      longOnes += visit.durationMin > 30;
      morning += visit.service == "morning";
    }
  }
  CHECK(providersOfLot.size() == 18);
  for (const auto& [lot, providers] : providersOfLot)
    CHECK(providers == 2);
  const auto percent = [&](std::size_t part) {
    return 100.0 * static_cast<double>(part) / static_cast<double>(visits);
  };
  CHECK(percent(doubleHanded) == Approx(20).margin(5));
  CHECK(percent(shortOnes) == Approx(32).margin(4));
  CHECK(percent(longOnes) == Approx(14).margin(3));
  CHECK(percent(morning) == Approx(30).margin(5));
  CHECK(static_cast<double>(visits) / static_cast<double>(people) == Approx(3.6).margin(0.3));
}

TEST_CASE("the same seed gives the same county and another seed another one") {
  const auto refsOf = [](std::uint64_t seed) {
    std::string all;
    const auto county = makeCounty({seed, "2026-11-23", 2, 0.02});
    for (const Provider& provider : county->providers)
      for (const Visit& visit : provider.visits)
        all += visit.ref + std::to_string(visit.windowStartUnixMs) + ";";
    return all;
  };
  CHECK(refsOf(1) == refsOf(1));
  CHECK(refsOf(1) != refsOf(2));
}

TEST_CASE("no carer is planned in two places at once") {
  const County county = countyOf(0.1, 2);
  for (const Provider& provider : county.providers) {
    std::map<std::size_t, std::int64_t> freeAt;
    for (const Visit& visit : provider.visits)
      for (const auto& carer : visit.carers)
        if (carer) {
          const std::int64_t begins = std::max(freeAt[*carer], visit.windowStartUnixMs);
          CHECK(begins <= visit.windowEndUnixMs);
          freeAt[*carer] = begins + visit.durationMin * 60'000;
        }
  }
}

TEST_CASE("every provider's files import without a fault") {
  const County county = countyOf(0.05, 2);
  support::TemporaryFolder folder;
  REQUIRE(writeCounty(county, folder.path(), 7).ok());
  for (const Provider& provider : county.providers) {
    INFO(provider.folder);
    const auto read = [&](const char* name) {
      std::ifstream file(folder.path() / provider.folder / name);
      std::stringstream text;
      text << file.rdbuf();
      return text.str();
    };
    support::OfficeFixture office;
    const auto summary = office.import({read("people.csv"), read("carers.csv"), read("visits.csv"),
                                        std::nullopt, read("contracts.csv")});
    CHECK(summary.visits == provider.visits.size());
    CHECK(summary.people == provider.people.size());
  }
}

}  // namespace
}  // namespace doorstep::county
