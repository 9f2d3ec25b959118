// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/place_grade.h"

namespace doorstep::visits {
namespace {

bool hasFix(const PlaceEvidence& place) {
  return place.distanceM && place.accuracyM && place.fixAgeS;
}

bool isWeak(const PlaceEvidence& place) {
  return *place.accuracyM > kFixAccuracyMaxM || *place.fixAgeS > kFixAgeMaxS;
}

bool fits(const PlaceEvidence& place) {
  return std::int64_t{*place.distanceM} - std::int64_t{*place.accuracyM} <=
         std::int64_t{kGeofenceM};
}

}  // namespace

PlaceGrade placeGrade(const std::optional<PlaceEvidence>& place) {
  if (!place)
    return PlaceGrade::E;
  const bool atHome = place->method == PlaceMethod::NfcTag || place->method == PlaceMethod::QrCode;
  const bool fix = hasFix(*place) && fits(*place);
  const bool goodFix = fix && !isWeak(*place);
  if (atHome && goodFix)
    return PlaceGrade::A;
  if (atHome || goodFix)
    return PlaceGrade::B;
  return fix ? PlaceGrade::C : PlaceGrade::E;
}

}  // namespace doorstep::visits
