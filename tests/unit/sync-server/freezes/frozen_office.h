// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sync-server/freezes/freeze_store.h"
#include "tests/unit/sync-server/office/logged_office.h"

namespace doorstep::freezes {

// A provider in December that can freeze its November.
struct FrozenOffice : office::LoggedOffice {
  FrozenOffice() {
    import(rota());
    clock.set("2026-12-02T09:00:00");
  }
  MonthFigures figures() const {
    return {.contract = ContractId(5),
            .contractRef = "K1",
            .month = "2026-11",
            .asOfUnixMs = clock.wallUnixMs() - 5,
            .ruleVersions = {1, 3},
            .logs = {{provider, 9, Hash{{7}}}},
            .visitsSha256 = Hash{{8}},
            .measures = "{}",
            .visits = 700,
            .visitsSilent = 2};
  }
  Result<Freeze> freeze(const MonthFigures& figures, const std::string& note = "closed") {
    return office->writeWithAnswer<Freeze>({AccountId(7), "Olu"},
                                           [&](sql::Database& database, event_log::OfficeAct& act) {
                                             return freezeMonth(database, figures, note, act);
                                           });
  }
  Result<Freeze> unfreeze(std::uint32_t number, const std::string& note = "a phone was found",
                          const std::string& month = "2026-11") {
    return office->writeWithAnswer<Freeze>(
        {AccountId(8), "Eve"}, [&](sql::Database& database, event_log::OfficeAct& act) {
          return unfreezeMonth(database, ContractId(5), month, number, note, act);
        });
  }
  std::vector<Freeze> all() { return freezesOf(database(), ContractId(5)).value(); }
};

}  // namespace doorstep::freezes
