// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "shared/visits/measures/classified_visit.h"

namespace doorstep::measures {

// By what figures may be grouped. A dimension that packages and invoices know too has ofMinutes.
struct Dimension {
  std::string_view name;
  std::string (*ofVisit)(const ClassifiedVisit& visit);
  std::string (*ofMinutes)(const WeekMinutes& minutes);
};

std::span<const Dimension> dimensions();

// nullptr: there is none of this name.
const Dimension* findDimension(std::string_view name);

}  // namespace doorstep::measures
