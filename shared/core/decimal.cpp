// SPDX-License-Identifier: Apache-2.0
#include "shared/core/decimal.h"

#include <charconv>

namespace doorstep {

std::optional<std::uint64_t> parseDecimal(std::string_view text) {
  std::uint64_t value = 0;
  const char* const textEnd = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), textEnd, value);
  const bool leadingZero = text.size() > 1 && text.front() == '0';
  if (error != std::errc() || end != textEnd || leadingZero)
    return std::nullopt;
  return value;
}

}  // namespace doorstep
