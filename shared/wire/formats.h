// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::wire {

// Limits of sync.v1.Formats: a release that knows ten times as much as this one fits.
inline constexpr std::size_t kFormatsBytesMax = 1024;
inline constexpr std::size_t kAppVersionBytesMax = 32;
inline constexpr int kPlanKindsMax = 64;
inline constexpr int kFactKindsMax = 256;

// What a release reads (sync.v1.Formats). Numbers are in ascending order, each once.
struct Formats {
  std::string appVersion;
  std::vector<std::uint32_t> planKinds;
  std::vector<std::uint32_t> factKinds;
  bool operator==(const Formats&) const = default;
};

// What this build reads.
Formats ownFormats();

std::string encodeFormats(const Formats& formats);
// Bytes from outside. Error FORMATS_MALFORMED. Fields of a later release are skipped.
Result<Formats> decodeFormats(std::string_view bytes);

// Of `wanted` what is not in `known`; both in ascending order.
std::vector<std::uint32_t> missingKinds(const std::vector<std::uint32_t>& wanted,
                                        const std::vector<std::uint32_t>& known);

}  // namespace doorstep::wire
