// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace doorstep {

// Parses a number as checkpoints, tile paths and origins write it: digits only, no sign, no leading
// zero, at most 2^64 - 1; otherwise nullopt. Each number has exactly one text form, so signed or
// compared texts cannot differ. Thread: any.
std::optional<std::uint64_t> parseDecimal(std::string_view text);

}  // namespace doorstep
