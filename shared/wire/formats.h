// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::wire {

// Limits of sync.v1.Formats: room for ten times as many kinds as today.
inline constexpr std::size_t kFormatsBytesMax = 1024;
inline constexpr std::size_t kAppVersionBytesMax = 32;
inline constexpr int kPlanKindsMax = 64;
inline constexpr int kFactKindsMax = 256;

// What a release can read (sync.v1.Formats). Numbers are ascending and unique.
struct Formats {
  std::string appVersion;
  std::vector<std::uint32_t> planKinds;
  std::vector<std::uint32_t> factKinds;
  bool operator==(const Formats&) const = default;
};

// What this build can read.
Formats ownFormats();

std::string encodeFormats(const Formats& formats);
// Bytes from outside. Error FORMATS_MALFORMED. Unknown fields are skipped.
Result<Formats> decodeFormats(std::string_view bytes);

// The elements of `wanted` that are not in `known`; both ascending.
std::vector<std::uint32_t> missingKinds(const std::vector<std::uint32_t>& wanted,
                                        const std::vector<std::uint32_t>& known);

}  // namespace doorstep::wire
