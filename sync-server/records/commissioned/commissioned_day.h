// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "doorstep/admin/v1/commissioning_service.pb.h"
#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "sync-server/commissioning/row_store.h"
#include "sync-server/identity/caller.h"

namespace doorstep::records {

// What is commissioned of a provider under one contract on one day, as an officer reads it
// (admin.v1.CommissioningService). Errors of both: INVALID_ARGUMENT (PROVIDER_MISSING, DAY_FORMAT),
// PERMISSION_DENIED (OTHER_PROVIDER), NOT_FOUND (CONTRACT_UNKNOWN). nowUnixMs: whose local day is
// meant when none is named. Thread: the connection's.

// Cost: the rows of the contract, of the provider's ratings and of the council.
Result<admin::v1::GetCommissionedDayResponse> commissionedDay(
    sql::Database& database, const identity::AccountCaller& caller,
    const admin::v1::GetCommissionedDayRequest& request, std::int64_t nowUnixMs);

struct PackagesPage {
  admin::v1::ListPackagesResponse response;  // without its page token
  std::optional<PersonId> next;              // people after this one have not been looked at
};
// after: the person behind whom the page begins. Error besides: INVALID_ARGUMENT (SEARCH_FORMAT).
// Cost: at most 2,000 people's refs, and four reads for each person who is listed or whose ref fits
// without being under the contract.
Result<PackagesPage> listPackages(sql::Database& database, const identity::AccountCaller& caller,
                                  const admin::v1::ListPackagesRequest& request, PersonId after,
                                  std::int64_t nowUnixMs);

// What an hour costs on the day: the rate that holds then, with the uplifts of its kind that began
// after it (RateOnDay). rows: a contract's rates in force or replaced. Pure. Thread: any.
std::vector<admin::v1::RateOnDay> ratesOn(const std::vector<commissioning::CommissionedRow>& rows,
                                          std::int64_t day);

}  // namespace doorstep::records
