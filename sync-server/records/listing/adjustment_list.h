// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "doorstep/records/v1/adjustment_service.pb.h"
#include "shared/visits/measures/civil_time.h"
#include "sync-server/adjustments/adjustment_store.h"
#include "sync-server/adjustments/adjustment_writer.h"
#include "sync-server/identity/access_log.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::records {

// What supervisors said of carer slots, beside what the records have of them, for one caller: a
// supervisor her provider's, a council that of visits under its contracts. Visits should have been
// settled (record_keeper.h). Thread: the connection's.

struct AdjustmentFilter {
  std::optional<ContractId> contract;
  std::optional<ProviderId> provider;
  std::optional<VisitId> visit;
  std::optional<measures::DayNumber> from, to;  // inclusive; service days of visits
  std::optional<AccountId> editor;
  std::string reason;  // empty: any
};
// Errors: INVALID_ARGUMENT (DAY_FORMAT, DAYS_REVERSED, REASON_UNKNOWN).
Result<AdjustmentFilter> readFilter(const v1::AdjustmentFilter& message);

struct AdjustmentPage {
  v1::ListAdjustmentsResponse response;  // without its page token
  std::optional<adjustments::AdjustmentPlace> next;
  std::vector<identity::Look> looks;  // to be recorded before the page is shown: one per person
};
// Cost: the adjustments looked at, at most kAdjustmentsPerPageMax, with a few rows of each one's
// visit.
Result<AdjustmentPage> listAdjustments(const Reading& reading, const AdjustmentFilter& filter,
                                       const std::optional<adjustments::AdjustmentPlace>& below,
                                       std::uint32_t size);

// Cost: all adjustments of the server, with a few rows of each one's visit.
Result<v1::GetAdjustmentTotalsResponse> adjustmentTotals(const Reading& reading,
                                                         const AdjustmentFilter& filter);

// What rules use of what phones recorded at the slot, without adjustments. Empty: nothing, or the
// visit was not judged yet.
Result<adjustments::RuledTimes> ruledTimes(sql::Database& database, ProviderId provider,
                                           VisitId visit, std::uint32_t slot);

}  // namespace doorstep::records
