// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "doorstep/roster/v1/plan_version.pb.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace doorstep::roster {

// Who made each version of a provider's plan, when, why and from which files. A row is written
// once, in the version's transaction (plan_writer.h), and never changed. Thread: the connection's.

// Numbers of plan_version.reason and of roster.v1.PlanReason.
enum class PlanReason {
  Unknown = 0,       // made before reasons were kept, or by a tool that gives none
  Import = 1,        // a rota was imported
  Reassignment = 2,  // one carer slot was given to another carer
};

// A file of an imported rota, to identify it later.
struct PlanFile {
  std::string name;
  std::uint64_t bytes = 0;
  std::string sha256Hex;  // empty: too large to hash
  bool operator==(const PlanFile&) const = default;
};

// Origin of a plan version. account 0: the command line, whose user has no account.
struct PlanAct {
  std::int64_t madeUnixMs = 0;
  AccountId account = {};
  PlanReason reason = PlanReason::Unknown;
  std::vector<PlanFile> files = {};
};

struct PlanVersion {
  std::uint64_t version = 0;
  std::optional<std::int64_t> madeUnixMs;  // absent: made before this was recorded
  AccountId account;
  PlanReason reason = PlanReason::Unknown;
  std::uint64_t visitsNew = 0;
  std::uint64_t visitsChanged = 0;
  std::uint64_t visitsCancelled = 0;
  std::vector<PlanFile> files;
};

Status addPlanVersion(sql::Database& database, ProviderId provider, std::uint64_t version,
                      const PlanAct& act, const PlanVersion& counts);

// Newest first, below `before` (0: from the newest), at most `limit`.
Result<std::vector<PlanVersion>> planVersions(sql::Database& database, ProviderId provider,
                                              std::uint64_t before, std::uint32_t limit);

// Display names of the server's accounts.
using AccountNames = std::map<AccountId, std::string>;
// A deleted account and the command line have no name.
v1::PlanPublication toProto(const PlanVersion& version, const AccountNames& names);

}  // namespace doorstep::roster
