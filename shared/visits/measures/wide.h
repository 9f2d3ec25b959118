// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace doorstep::measures {

// Sums and products of figures. A column holds up to 15 digits and a file any number of rows, so
// that a sum may exceed 64 bits; minutes times 60,000 and counts times counts do so sooner. In 128
// bits every sum of a file that fits a disk is exact.
using Wide = __int128;

// Beyond this a figure is not given: long division and the doubling for rounding still fit.
constexpr Wide kWideLimit = Wide{1'000'000'000'000'000'000} * 1'000'000'000'000'000'000;

// A product, or a value beyond kWideLimit of the right sign where it does not fit.
Wide cappedProduct(Wide a, Wide b);

std::string wideText(Wide value);

// A measure: whole numbers, not reduced. Denominator 0: no value.
struct Figure {
  Wide numerator = 0;
  Wide denominator = 0;
  bool operator==(const Figure&) const = default;
};

// Whether both parts are within kWideLimit.
bool isExact(const Figure& figure);

// Six decimals, half away from zero, no minus before a zero. The denominator is not 0.
std::string decimalText(const Figure& figure);

}  // namespace doorstep::measures
