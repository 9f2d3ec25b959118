// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "doorstep/records/v1/freeze_service.pb.h"
#include "sync-server/freezes/freeze_store.h"
#include "sync-server/records/figures/month_figures.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::records {

// Frozen months for one caller. Errors: NOT_FOUND (CONTRACT_UNKNOWN, also for one that the caller
// may not see; FREEZE_UNKNOWN) and the database's. Thread: the connection's.

// The contract, as far as the caller may see it.
Result<roster::Contract> visibleContract(const Reading& reading, ContractId contract);

// From that place in the list on; next: 0 at the end.
struct FreezePage {
  v1::ListFreezesResponse response;  // without its page token
  std::uint64_t next = 0;
};
Result<FreezePage> listFreezes(const Reading& reading, ContractId contract, std::uint64_t from,
                               std::uint32_t size);

// With what the figures are now. number: 0 for the newest of the month. Visits must have been
// settled. Further errors: those of readMonth and keptFigures. Cost: those of readMonth.
Result<v1::GetFreezeResponse> readFreeze(const Reading& reading, ContractId contract,
                                         const std::string& month, std::uint32_t number);

Result<v1::Freeze> freezeMessage(const Reading& reading, const freezes::Freeze& freeze);
v1::FreezeMonthResponse silentMessage(const Reading& reading, const MonthReading& month);

}  // namespace doorstep::records
