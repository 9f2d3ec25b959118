// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/commissioned_values.h"

#include <catch2/catch.hpp>
#include <string>

#include "sync-server/commissioning/limits.h"

namespace doorstep::commissioning {
namespace {

bool isOutline(const std::string& text) {
  const Status checked = checkOutline(text);
  if (!checked.ok())
    CHECK(checked.error().reason == "OUTLINE_FORMAT");
  return checked.ok();
}

std::string polygon(const std::string& ring) {
  return R"({"type":"Polygon","coordinates":[[)" + ring + "]]}";
}

TEST_CASE("an outline is one polygon or several, closed and on the earth") {
  const std::string ring = "[-1,52],[0,52],[0,53],[-1,52]";
  CHECK(isOutline(polygon(ring)));
  CHECK(isOutline(R"({"type":"MultiPolygon","coordinates":[[[)" + ring + "]]]}"));
  CHECK_FALSE(isOutline(""));
  CHECK_FALSE(isOutline("[]"));
  CHECK_FALSE(isOutline("{}"));
  CHECK_FALSE(isOutline(R"({"type":"Point","coordinates":[1,52]})"));
  CHECK_FALSE(isOutline(R"({"type":7,"coordinates":[]})"));
  CHECK_FALSE(isOutline(polygon("[-1,52],[0,52],[0,53]")));
  CHECK_FALSE(isOutline(polygon("[-1,52],[0,52],[0,53],[-1,52.5]")));
  CHECK_FALSE(isOutline(polygon("[-1,152],[0,52],[0,53],[-1,152]")));
  CHECK_FALSE(isOutline(polygon("[-1],[0],[0],[-1]")));
  CHECK_FALSE(isOutline(polygon(R"(["a","b"],[0,52],[0,53],["a","b"])")));
  CHECK_FALSE(isOutline("{\"type\":\"Polygon\",\"coordinates\":[[\xFF]]}"));
}

TEST_CASE("an outline that is large or deep is refused in bounded work") {
  CHECK_FALSE(isOutline(std::string(kOutlineBytesMax, '[')));
  CHECK_FALSE(isOutline(polygon(std::string(kOutlineBytesMax, ' ') + "[0,0]")));
  std::string ring = "[0,0]";
  for (std::size_t i = 0; i < kOutlinePointsMax; ++i)
    ring += ",[0,0]";
  CHECK_FALSE(isOutline(polygon(ring)));
}

TEST_CASE("patches have outlines too, and a lot's together are bounded") {
  v1::LotDescription lot;
  lot.set_outline_geojson(polygon("[-1,52],[0,52],[0,53],[-1,52]"));
  v1::Patch& town = *lot.add_patches();
  town.set_name("town");
  town.set_outline_geojson(lot.outline_geojson());
  CHECK(checkLot(lot).ok());
  town.set_outline_geojson("{}");
  CHECK(checkPatches(lot).ok());
  CHECK(checkLot(lot).error().reason == "OUTLINE_FORMAT");

  std::string ring = "[0,0]";
  while (ring.size() < kOutlineBytesMax - 100)
    ring += ",[0.000000000000000000000000000000,0]";
  town.set_outline_geojson(polygon(ring + ",[0,0]"));
  CHECK(checkLot(lot).ok());
  for (const char* name : {"valley", "hill"}) {
    v1::Patch other = lot.patches(0);
    other.set_name(name);
    *lot.add_patches() = other;
  }
  CHECK(checkLot(lot).error().reason == "OUTLINES_TOO_LARGE");
}

TEST_CASE("a rating is one of its scale") {
  v1::ProviderRating rating;
  rating.set_rating("good");
  CHECK(checkRating("cqc", rating).ok());
  CHECK(checkRating("care_inspectorate", rating).error().reason == "RATING_UNKNOWN");
  CHECK(checkRating("stop_on_new_work", rating).error().reason == "RATING_UNKNOWN");
  CHECK(checkRating("stars", rating).error().reason == "SCALE_UNKNOWN");
  rating.set_rating("6");
  CHECK(checkRating("care_inspectorate", rating).ok());
  rating.set_rating("7");
  CHECK_FALSE(checkRating("care_inspectorate", rating).ok());
}

TEST_CASE("a stop on new work says who decided it, or it would end one") {
  v1::ProviderRating stop;
  CHECK(checkRating("stop_on_new_work", stop).error().reason == "SOURCE_MISSING");
  stop.set_source("Letter of the county, 2 November");
  CHECK(checkRating("stop_on_new_work", stop).ok());
}

TEST_CASE("a rate is pence of a day kind, or an uplift") {
  v1::Rate rate;
  rate.set_pence_per_hour(2250);
  CHECK(checkRate("day", "weekday", rate).ok());
  CHECK(checkRate("", "weekday", rate).error().reason == "SERVICE_KIND_UNKNOWN");
  CHECK(checkRate("day", "friday", rate).error().reason == "DAY_KIND_UNKNOWN");
  CHECK(checkRate("day", "uplift", rate).error().reason == "RATE_RANGE");
  rate.set_pence_per_hour(kPencePerHourMax + 1);
  CHECK(checkRate("day", "weekday", rate).error().reason == "RATE_RANGE");
}

}  // namespace
}  // namespace doorstep::commissioning
