// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "tests/support/county/county_rota.h"

namespace doorstep::county {

// What a carer does on her rounds, as a phone's script (phone_script.h): most of it on time and
// done, with the late starts, refusals, notes, closed doors and forgotten visits of ordinary days.
// The same for the same seed.
std::string carerScript(const Provider& provider, std::size_t carer, std::uint64_t seed);

}  // namespace doorstep::county
