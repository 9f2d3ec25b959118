// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "tests/support/county/county_rota.h"

namespace doorstep::county {

// A carer's actions on her rounds, as a phone's script (phone_script.h): mostly on time and
// complete, with the late starts, refusals, notes, no-entries and forgotten visits of ordinary
// days. Deterministic by seed.
std::string carerScript(const Provider& provider, std::size_t carer, std::uint64_t seed);

}  // namespace doorstep::county
