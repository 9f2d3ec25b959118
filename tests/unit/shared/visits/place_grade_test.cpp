// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/place_grade.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace doorstep::visits;

namespace {

PlaceEvidence fix(PlaceMethod method, std::uint32_t distanceM, std::uint32_t accuracyM,
                  std::uint32_t ageS) {
  return {method, distanceM, accuracyM, ageS};
}

}  // namespace

TEST_CASE("a tag of the home with a fitting fix is the best grade") {
  CHECK(placeGrade(fix(PlaceMethod::NfcTag, 20, 15, 3)) == PlaceGrade::A);
  CHECK(placeGrade(fix(PlaceMethod::QrCode, 20, 15, 3)) == PlaceGrade::A);
}

TEST_CASE("a tag alone or a good fix alone is the second grade") {
  CHECK(placeGrade(PlaceEvidence{PlaceMethod::NfcTag, {}, {}, {}}) == PlaceGrade::B);
  CHECK(placeGrade(fix(PlaceMethod::Position, 20, 15, 3)) == PlaceGrade::B);
}

TEST_CASE("the distance is taken less the fix's own uncertainty") {
  CHECK(placeGrade(fix(PlaceMethod::Position, kGeofenceM + 50, 50, 3)) == PlaceGrade::B);
  CHECK(placeGrade(fix(PlaceMethod::Position, kGeofenceM + 51, 50, 3)) == PlaceGrade::E);
}

TEST_CASE("an old or inaccurate fix is weak but not nothing") {
  CHECK(placeGrade(fix(PlaceMethod::Position, 20, kFixAccuracyMaxM, kFixAgeMaxS)) == PlaceGrade::B);
  CHECK(placeGrade(fix(PlaceMethod::Position, 20, kFixAccuracyMaxM + 1, 3)) == PlaceGrade::C);
  CHECK(placeGrade(fix(PlaceMethod::Position, 20, 15, kFixAgeMaxS + 1)) == PlaceGrade::C);
}

TEST_CASE("nothing, a bare tap and a fix elsewhere support nothing") {
  CHECK(placeGrade(std::nullopt) == PlaceGrade::E);
  CHECK(placeGrade(PlaceEvidence{PlaceMethod::Manual, {}, {}, {}}) == PlaceGrade::E);
  CHECK(placeGrade(fix(PlaceMethod::Position, 5'000, 15, 3)) == PlaceGrade::E);
  CHECK(placeGrade(fix(PlaceMethod::Position, std::numeric_limits<std::uint32_t>::max(), 0, 3)) ==
        PlaceGrade::E);
}

TEST_CASE("a fix of which a part is missing is no fix") {
  PlaceEvidence place = fix(PlaceMethod::Position, 20, 15, 3);
  place.accuracyM.reset();
  CHECK(placeGrade(place) == PlaceGrade::E);
}
