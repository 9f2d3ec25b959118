// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/wide.h"

#include <algorithm>

namespace doorstep::measures {
namespace {

constexpr int kDecimals = 6;
constexpr Wide kBeyond = kWideLimit + 1;

Wide magnitude(Wide value) { return value < 0 ? -value : value; }

}  // namespace

Wide cappedProduct(Wide a, Wide b) {
  Wide product = 0;
  if (!__builtin_mul_overflow(a, b, &product))
    return product;
  return (a < 0) == (b < 0) ? kBeyond : -kBeyond;
}

std::string wideText(Wide value) {
  std::string digits;
  Wide left = magnitude(value);
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(left % 10)));
    left /= 10;
  } while (left != 0);
  if (value < 0)
    digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

bool isExact(const Figure& figure) {
  return magnitude(figure.numerator) <= kWideLimit && magnitude(figure.denominator) <= kWideLimit;
}

std::string decimalText(const Figure& figure) {
  const Wide divisor = magnitude(figure.denominator);
  Wide whole = magnitude(figure.numerator) / divisor;
  Wide rest = magnitude(figure.numerator) % divisor;
  int fraction = 0;
  int scale = 1;
  for (int i = 0; i < kDecimals; ++i) {  // long division: rest * 10 fits where rest * 10^6 may not
    rest *= 10;
    fraction = fraction * 10 + static_cast<int>(rest / divisor);
    rest %= divisor;
    scale *= 10;
  }
  if (rest * 2 >= divisor && ++fraction == scale) {
    fraction = 0;
    ++whole;
  }
  const bool negative = (figure.numerator < 0) != (figure.denominator < 0);
  std::string decimals = std::to_string(fraction);
  decimals.insert(0, static_cast<std::size_t>(kDecimals) - decimals.size(), '0');
  const bool zero = whole == 0 && fraction == 0;
  return (negative && !zero ? "-" : "") + wideText(whole) + "." + decimals;
}

}  // namespace doorstep::measures
