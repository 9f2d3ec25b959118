// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "tests/simulation/simulated_server.h"

namespace doorstep::simulation {

// I18: each plan version and each set of rules in the database matches a decision in the log, and
// vice versa. Returns the violation, or an empty text.
std::string checkDecisions(SimulatedServer& server);

// The same with every hash and signature of the log, as in `doorstep-server verify`. keys: of
// phones. restored: entries may refer to a history that the server lost.
std::string checkAudit(SimulatedServer& server,
                       const std::map<DeviceId, crypto::P256PublicKey>& keys, bool restored);

}  // namespace doorstep::simulation
