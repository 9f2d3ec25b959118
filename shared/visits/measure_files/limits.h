// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::measure_files {

// A county's year of visits is 1.7 GB of CSV. A file is read whole; what never ends is refused.
constexpr std::size_t kFileBytesMax = std::size_t{4} * 1024 * 1024 * 1024;
// Rules of a hundred contracts are 100 KB.
constexpr std::size_t kRulesBytesMax = 16 * 1024 * 1024;
// rules.json is nested seven deep.
constexpr std::size_t kJsonDepthMax = 32;
// A value takes some 150 bytes of memory and may be two bytes of text.
constexpr std::size_t kJsonValuesMax = 1'000'000;
// Sums of 64 bits are not enough for more, and no count of a visit has so many.
constexpr std::size_t kDigitsMax = 15;
constexpr std::int64_t kCarersRequiredMax = 4;
constexpr std::int64_t kFunderShares = 10'000;
// Of a wrong value as much is shown as is recognised.
constexpr std::size_t kShownBytesMax = 60;

}  // namespace doorstep::measure_files
