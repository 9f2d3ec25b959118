// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace doorstep::recording {

// Great-circle distance in metres (haversine, mean Earth radius 6,371,008.8 m; within 0.6 % of WGS
// 84). Thread: any.
double distanceM(double latitudeDegA, double longitudeDegA, double latitudeDegB,
                 double longitudeDegB);

}  // namespace doorstep::recording
