// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/visit_columns.h"

#include <catch2/catch.hpp>
#include <set>

#include "shared/visits/measure_files/visits_file.h"

using namespace doorstep;
using namespace doorstep::measure_files;

namespace {

std::string header() {
  std::string line;
  for (const VisitColumn& column : visitColumns())
    line += (line.empty() ? "" : ",") + std::string(column.spec.name);
  return line + "\n";
}

// A row with some values, the rest as little as is allowed.
std::string row(const std::vector<std::pair<std::string, std::string>>& values) {
  std::string line;
  for (const VisitColumn& column : visitColumns()) {
    std::string value;
    for (const auto& [name, given] : std::vector<std::pair<std::string, std::string>>{
             {"schema_version", "2"},
             {"tz", "Europe/London"},
             {"carer_slot", "1"},
             {"carers_required", "1"},
             {"service_kind", "day"},
             {"exported_utc", "2026-01-01T00:00:00.000Z"}})
      if (name == column.spec.name)
        value = given;
    for (const auto& [name, given] : values)
      if (name == column.spec.name)
        value = given;
    line += (line.empty() ? "" : ",") + value;
  }
  return line + "\n";
}

Result<VisitsFile> readLine(const std::string& rows) {
  return readVisits(asTextFile("visits.csv", header() + rows));
}

}  // namespace

TEST_CASE("no column stands twice, and every visit's name is a fact of the visit") {
  std::set<std::string_view> names;
  for (const VisitColumn& column : visitColumns())
    CHECK(names.insert(column.spec.name).second);
  CHECK(visitColumns()[visitColumn("visit_id")].ofVisit);
}

TEST_CASE("rows of a visit's slots become one visit, in order of slots") {
  const auto file =
      readLine(row({{"visit_id", "a"}, {"carers_required", "2"}, {"carer_slot", "2"}}) +
               row({{"visit_id", "b"}}) + row({{"visit_id", "a"}, {"carers_required", "2"}}) +
               row({{"visit_id", "b"}}));
  REQUIRE(file);
  CHECK(file->rows == 3);
  CHECK(file->duplicateRows == 1);
  REQUIRE(file->visits.size() == 2);
  REQUIRE(file->visits[0].slots.size() == 2);
  CHECK(file->visits[0].slots[0].number == 1);
  CHECK(file->visits[1].funders.at(0).funder == "unstated");
}

TEST_CASE("two providers may give one id to two visits") {
  const auto file = readLine(row({{"visit_id", "a"}, {"provider", "x"}}) +
                             row({{"visit_id", "a"}, {"provider", "y"}}));
  REQUIRE(file);
  CHECK(file->visits.size() == 2);
}

TEST_CASE("a fault that two rows make together stands in the later one") {
  const auto file = readLine(row({{"visit_id", "a"}}) + row({{"visit_id", "a"}, {"reason", "P2"}}));
  REQUIRE_FALSE(file);
  CHECK(file.error().text.rfind("visits.csv:3:", 0) == 0);
  CHECK(file.error().text.find("reason: \"P2\" here and \"\" in an earlier row") !=
        std::string::npos);
}
