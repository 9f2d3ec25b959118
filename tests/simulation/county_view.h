// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tests/simulation/faults.h"
#include "tests/simulation/simulated_server.h"

namespace doorstep::simulation {

// By the beginning of the refs of its visits, up to and with the hyphen: the provider of the rota
// that they come from. Independent of the server's tables.
using ProviderOfRefs = std::map<std::string, std::string>;

// I19, at the end and after each import of a provider that shares the contract. Each version of the
// contract's rules is said alike in the log of each provider; a council sees the visits of all of
// them under its contracts and nothing else, and a provider its own visits and its own share of the
// contract alone. Returns the violation, or an empty text.
std::string checkCounty(SimulatedServer& server, const ProviderOfRefs& owners,
                        std::int64_t nowUnixMs, Planted planted, SometimesCounts& sometimes);

}  // namespace doorstep::simulation
