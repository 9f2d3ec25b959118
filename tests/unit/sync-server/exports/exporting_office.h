// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sync-server/exports/export_store.h"
#include "tests/unit/sync-server/office/logged_office.h"

namespace doorstep::exports {

// A provider with a plan, whose records are exported.
struct ExportingOffice : office::LoggedOffice {
  ExportingOffice() { import(rota()); }

  visits::ExportMade november(std::uint64_t id) const {
    return {.id = id,
            .contract = ContractId(5),
            .contractRef = "K1",
            .provider = provider,
            .lot = "north",
            .firstDay = "2026-11-01",
            .lastDay = "2026-11-30",
            .punctuality = "late",
            .asOfUnixMs = clock.wallUnixMs() - 7,
            .files = {{"visits.csv", 700, 90'000, Hash{{7}}}, {"rules.json", 0, 800, Hash{{8}}}}};
  }
  Result<Export> add(const visits::ExportMade& made, AccountId account = AccountId(7)) {
    return office->writeWithAnswer<Export>({account, "Olu"},
                                           [&](sql::Database& database, event_log::OfficeAct& act) {
                                             return addExport(database, made, {provider}, act);
                                           });
  }
};

}  // namespace doorstep::exports
