// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/wire/entry_codec.h"
#include "sync-server/office/office_audit.h"
#include "tests/simulation/simulated_server.h"

namespace doorstep::simulation {

// I18: each plan version and each set of rules in the database matches a decision in the log, and
// vice versa, for each provider. The office's entries are read and opened once: that the log still
// has them is I2's and I4's. Thread: one.
class OfficeView {
 public:
  // Returns the violation, or an empty text.
  std::string check(SimulatedServer& server);
  // The log was put back to an older state.
  void forget() { logs_.clear(); }

 private:
  struct Decided {
    event_log::StoredEntry stored;
    wire::OpenedEntry opened;
  };
  struct Log {
    std::uint64_t read = 0;  // positions
    std::vector<Decided> decided;
  };
  Status read(SimulatedServer& server, office::OfficeAudit& audit, ProviderId provider);

  std::map<ProviderId, Log> logs_;
};

// The same with every hash and signature of the log, as in `doorstep-server verify`. keys: of
// phones. restored: entries may refer to a history that the server lost.
std::string checkAudit(SimulatedServer& server,
                       const std::map<DeviceId, crypto::P256PublicKey>& keys, bool restored);

}  // namespace doorstep::simulation
