// SPDX-License-Identifier: Apache-2.0
#include "app/recording/distance.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace doorstep::recording {

double distanceM(double latitudeDegA, double longitudeDegA, double latitudeDegB,
                 double longitudeDegB) {
  constexpr double kEarthRadiusM = 6'371'008.8;
  constexpr double kRadiansPerDegree = std::numbers::pi / 180.0;
  const double halfLatitude = (latitudeDegB - latitudeDegA) * kRadiansPerDegree / 2;
  const double halfLongitude = (longitudeDegB - longitudeDegA) * kRadiansPerDegree / 2;
  const double haversine = std::sin(halfLatitude) * std::sin(halfLatitude) +
                           std::cos(latitudeDegA * kRadiansPerDegree) *
                               std::cos(latitudeDegB * kRadiansPerDegree) *
                               std::sin(halfLongitude) * std::sin(halfLongitude);
  return 2 * kEarthRadiusM * std::asin(std::sqrt(std::min(1.0, haversine)));
}

}  // namespace doorstep::recording
