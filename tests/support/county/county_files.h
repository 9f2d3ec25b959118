// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "shared/core/result.h"
#include "tests/support/county/county_rota.h"

namespace doorstep::county {

// Writes a folder a provider in the form that `doorstep-server import-rota` reads, with
// contracts.csv, and a script a carer in its folder `scripts`; and providers.csv (folder, name)
// beside them. Files that are there are written over. Error CANNOT_WRITE.
Status writeCounty(const County& county, const std::filesystem::path& path, std::uint64_t seed);

}  // namespace doorstep::county
