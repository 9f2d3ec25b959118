// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"
#include "sync-server/event_log/office_act.h"

namespace doorstep::exports {

// Exports that were made: who had which records in which files, as the logs of their providers say.
// Written when the last file was: an export that was broken off leaves no row. Rows are added and
// never changed. Errors: the database's. Thread: the connection's.

struct Export {
  visits::ExportMade said;
  std::vector<ProviderId> providers;  // in whose logs it stands, by id
  AccountId account;                  // absent: the operator's command line
  std::int64_t madeUnixMs = 0;
};

// Whether a row and a fact can say it. Error: INVALID_ARGUMENT (EXPORT_FORMAT) without an id, of
// text that is not UTF-8 or too long for a fact, without files or with more than
// kOfficeExportsMax. Pure.
Status checkExport(const visits::ExportMade& made);

// Inside an office's write job: adds the export and says it in the log of each provider, in any
// order and each once. An export of the same id that was added before is returned, and nothing is
// said. Errors: those of checkExport; PERMISSION_DENIED (OTHER_ACCOUNT) when the id is another
// account's.
Result<Export> addExport(sql::Database& database, const visits::ExportMade& made,
                         std::vector<ProviderId> providers, event_log::OfficeAct& act);

// Of a list, the newest first: below this one.
struct ExportPlace {
  std::int64_t madeUnixMs = 0;
  std::uint64_t id = 0;
};
struct ExportPage {
  std::vector<Export> exports;
  std::optional<ExportPlace> next;
};
// Those that `wanted` takes, at most `size`; of `examinedMax` exports at most, so that a page may
// be short before the end. Cost: the exports looked at.
Result<ExportPage> listExports(sql::Database& database, const std::optional<ExportPlace>& below,
                               std::size_t size, std::size_t examinedMax,
                               const std::function<bool(const Export&)>& wanted);

// Those that stand in the log of the provider, by id.
Status forEachExportOf(sql::Database& database, ProviderId provider,
                       const std::function<Status(const Export&)>& each);

}  // namespace doorstep::exports
