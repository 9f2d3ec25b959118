// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "doorstep/records/v1/records_service.pb.h"
#include "shared/core/result.h"
#include "shared/visits/contract_rules.h"

namespace doorstep::records {

// A validated filter of records. Absent fields do not restrict.
struct RecordFilter {
  std::optional<ContractId> contract;
  std::optional<ProviderId> provider;
  std::optional<std::string> lot;
  // Start of the window in [from, to).
  std::int64_t fromUnixMs = std::numeric_limits<std::int64_t>::min();
  std::int64_t toUnixMs = std::numeric_limits<std::int64_t>::max();
  std::optional<visits::Punctuality> punctuality;
};

// Errors: INVALID_ARGUMENT (DAY_FORMAT, DAYS_REVERSED, PUNCTUALITY_UNKNOWN).
Result<RecordFilter> readFilter(const v1::RecordFilter& message);

}  // namespace doorstep::records
