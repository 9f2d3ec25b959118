// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace doorstep::fhir {

// A measure in English, as the pages word it: the catalogue is the one place (measure_words.py).
struct MeasureWords {
  std::string_view id;  // "recharge" of the shares of funders
  std::string_view name;
  std::string_view definition;
};
// By id.
std::span<const MeasureWords> measureWords();

}  // namespace doorstep::fhir
