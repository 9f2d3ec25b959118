// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace doorstep {

// A number as checkpoints, tile paths and origins write it: digits alone, no sign, no leading zero,
// at most 2^64 - 1. One number has one text, so texts that are signed or compared cannot differ.
// Thread: any.
std::optional<std::uint64_t> parseDecimal(std::string_view text);

}  // namespace doorstep
