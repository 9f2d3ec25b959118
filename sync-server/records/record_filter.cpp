// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/record_filter.h"

#include "shared/core/local_time.h"

namespace doorstep::records {

Result<RecordFilter> readFilter(const v1::RecordFilter& message) {
  RecordFilter filter;
  if (message.contract_id() != 0)
    filter.contract = ContractId(message.contract_id());
  if (message.provider_id() != 0)
    filter.provider = ProviderId(message.provider_id());
  if (!message.lot().empty())
    filter.lot = message.lot();
  if (!message.first_day().empty()) {
    DOORSTEP_ASSIGN(const DayBounds day, londonDayBounds(message.first_day()));
    filter.fromUnixMs = day.beginUnixMs;
  }
  if (!message.last_day().empty()) {
    DOORSTEP_ASSIGN(const DayBounds day, londonDayBounds(message.last_day()));
    filter.toUnixMs = day.endUnixMs;
  }
  if (filter.fromUnixMs >= filter.toUnixMs)
    return Error{ErrorCode::InvalidArgument, "DAYS_REVERSED", "first_day is after last_day"};
  if (message.punctuality() != v1::PUNCTUALITY_UNSPECIFIED) {
    if (!v1::Punctuality_IsValid(message.punctuality()))
      return Error{ErrorCode::InvalidArgument, "PUNCTUALITY_UNKNOWN", "no such punctuality"};
    filter.punctuality = static_cast<visits::Punctuality>(message.punctuality());
  }
  return filter;
}

}  // namespace doorstep::records
