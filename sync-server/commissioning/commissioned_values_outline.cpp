// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "shared/core/display_text.h"
#include "sync-server/commissioning/commissioned_values.h"
#include "sync-server/commissioning/limits.h"

namespace doorstep::commissioning {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kDepthMax = 8;  // of a MultiPolygon in a JSON object: 6
constexpr std::size_t kRingPointsMin = 4;
constexpr double kLongitudeMax = 180;
constexpr double kLatitudeMax = 90;

Error refused(const char* text) { return {ErrorCode::InvalidArgument, "OUTLINE_FORMAT", text}; }

bool isPosition(const Json& value) {
  return value.is_array() && value.size() >= 2 && value.size() <= 3 && value[0].is_number() &&
         value[1].is_number() && std::abs(value[0].get<double>()) <= kLongitudeMax &&
         std::abs(value[1].get<double>()) <= kLatitudeMax;
}

Status checkPolygon(const Json& rings, std::size_t& points) {
  if (!rings.is_array() || rings.empty())
    return refused("a polygon has at least one ring");
  for (const Json& ring : rings) {
    if (!ring.is_array() || ring.size() < kRingPointsMin || ring.front() != ring.back())
      return refused("a ring has at least four positions and ends where it begins");
    points += ring.size();
    if (points > kOutlinePointsMax)
      return refused("an outline has 2000 positions at most");
    for (const Json& position : ring)
      if (!isPosition(position))
        return refused("a position is longitude and latitude in degrees");
  }
  return kDone;
}

}  // namespace

Status checkOutline(std::string_view geoJson) {
  if (geoJson.size() > kOutlineBytesMax)
    return refused("an outline has 32 KiB at most");
  if (!isUtf8(geoJson))
    return refused("an outline is UTF-8");
  bool tooDeep = false;
  const auto depth = [&](int level, Json::parse_event_t, Json&) {
    tooDeep = tooDeep || level > static_cast<int>(kDepthMax);
    return !tooDeep;
  };
  // Nesting costs memory only in proportion to the text, which is bounded above.
  const Json parsed = Json::parse(geoJson, depth, false);
  if (parsed.is_discarded() || !parsed.is_object() || tooDeep)
    return refused("an outline is one GeoJSON object");
  const auto type = parsed.find("type");
  const auto coordinates = parsed.find("coordinates");
  if (type == parsed.end() || coordinates == parsed.end() || !type->is_string())
    return refused("an outline has type and coordinates");
  std::size_t points = 0;
  if (*type == "Polygon")
    return checkPolygon(*coordinates, points);
  if (*type != "MultiPolygon" || !coordinates->is_array() || coordinates->empty())
    return refused("an outline is a Polygon or a MultiPolygon");
  for (const Json& polygon : *coordinates)
    DOORSTEP_TRY(checkPolygon(polygon, points));
  return kDone;
}

}  // namespace doorstep::commissioning
