// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "shared/visits/event.h"

namespace doorstep::visits {

// How well the place of a check-in or check-out is supported; informs, never blocks. A: a tag or
// code in the home and a good fix that fits. B: one of the two. C: a fix that fits but is old or
// inaccurate. D: not assigned yet (supporting evidence). E: no evidence, or a fix that does not
// fit.
enum class PlaceGrade { A = 1, B = 2, C = 3, D = 4, E = 5 };

constexpr std::uint32_t kGeofenceM = 150;
constexpr std::uint32_t kFixAccuracyMaxM = 100;
constexpr std::uint32_t kFixAgeMaxS = 120;

// A fix fits when distance - accuracy <= kGeofenceM.
PlaceGrade placeGrade(const std::optional<PlaceEvidence>& place);

}  // namespace doorstep::visits
