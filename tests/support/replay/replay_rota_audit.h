// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "tests/support/replay/replay_rota_api.h"
#include "tests/support/replay/replay_rota_folder.h"
#include "tests/support/replay/replay_rota_server.h"

namespace doorstep::replay {

// The running server's answers compared with what was recorded.
struct AuditFigures {
  std::uint64_t visits = 0;
  std::uint64_t carerVisits = 0;
  std::uint64_t doubleHandedVisits = 0;
  std::int64_t totalLateMs = 0;
  std::int64_t highestLateMs = 0;
  std::uint64_t missing = 0;     // recorded taps missing on the server
  std::uint64_t duplicates = 0;  // (device, event number) shown more than once
  // Taps whose trusted interval is absent or does not contain their true time.
  std::uint64_t outsideInterval = 0;
  std::uint64_t logSize = 0;
  std::uint64_t proofsVerified = 0;  // entries
};

// Ids of the plan's visits by ref.
Result<std::map<std::string, std::uint64_t>> listVisits(Api& api, std::uint64_t providerId);

// Reads totals, each visit's events and each entry's proof, and verifies the proofs: the device's
// signature, the leaf in the tree, the checkpoint signed by the log; then reads the log's tiles and
// computes its root. Failed proofs are reported on standard error.
Result<AuditFigures> audit(Api& api, std::uint64_t providerId,
                           const std::map<std::string, std::uint64_t>& visits,
                           const std::map<std::string, Enrolment>& enrolments,
                           const std::vector<PlannedTap>& taps);

}  // namespace doorstep::replay
