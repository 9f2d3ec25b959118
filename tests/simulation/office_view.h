// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "tests/simulation/simulated_server.h"

namespace doorstep::simulation {

// I18: each plan version and each set of rules in the database is what a decision of the log says,
// and each decision of the log is in the database. What is broken, or nothing.
std::string checkDecisions(SimulatedServer& server);

// The same with every hash and signature of the log, as `doorstep-server verify` looks at them.
// keys: of phones. restored: entries may name a history that the server lost.
std::string checkAudit(SimulatedServer& server,
                       const std::map<DeviceId, crypto::P256PublicKey>& keys, bool restored);

}  // namespace doorstep::simulation
