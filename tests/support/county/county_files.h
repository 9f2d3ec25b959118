// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "shared/core/result.h"
#include "tests/support/county/county_rota.h"

namespace doorstep::county {

// Writes one folder per provider in the format of `doorstep-server import-rota`, with contracts.csv
// and one script per carer in its folder `scripts`; and providers.csv (folder, name) beside them.
// Overwrites existing files. Error CANNOT_WRITE.
Status writeCounty(const County& county, const std::filesystem::path& path, std::uint64_t seed);

}  // namespace doorstep::county
