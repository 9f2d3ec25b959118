// SPDX-License-Identifier: Apache-2.0
#include "sync-server/exports/export_store.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "shared/core/display_text.h"

namespace doorstep::exports {
namespace {

constexpr const char* kColumns = R"sql(
SELECT e.export_id, e.contract_id, e.contract_ref, e.provider_id, e.lot, e.first_day, e.last_day,
  e.punctuality, e.as_of_unix_ms, e.account_id, e.made_unix_ms FROM export_made e
)sql";

Export readRow(const sql::Statement& row) {
  Export found;
  found.said.id = row.columnId(0);
  found.said.contract = ContractId(row.columnId(1));
  found.said.contractRef = row.columnText(2);
  found.said.provider = ProviderId(row.columnId(3));
  found.said.lot = row.columnText(4);
  found.said.firstDay = row.columnText(5);
  found.said.lastDay = row.columnText(6);
  found.said.punctuality = row.columnText(7);
  found.said.asOfUnixMs = row.columnInt(8);
  found.account = AccountId(row.columnId(9));
  found.madeUnixMs = row.columnInt(10);
  return found;
}

// Adds files and logs to exports of which the row was read.
class PartReader {
 public:
  static Result<PartReader> open(sql::Database& database) {
    DOORSTEP_ASSIGN(auto files, database.prepare(R"sql(
SELECT format, row_count, byte_count, sha256 FROM export_made_file
WHERE export_id = ? ORDER BY file_number)sql"));
    DOORSTEP_ASSIGN(auto logs, database.prepare(R"sql(
SELECT provider_id FROM export_made_log WHERE export_id = ? ORDER BY provider_id)sql"));
    return PartReader(std::move(files), std::move(logs));
  }

  Status read(Export& found) {
    files_.reset();
    files_.bindId(0, found.said.id);
    while (true) {
      DOORSTEP_ASSIGN(const bool row, files_.step());
      if (!row)
        break;
      DOORSTEP_ASSIGN(const Hash hash, hashFromBytes(files_.columnBlob(3)));
      found.said.files.push_back(
          {std::string(files_.columnText(0)), files_.columnId(1), files_.columnId(2), hash});
    }
    logs_.reset();
    logs_.bindId(0, found.said.id);
    while (true) {
      DOORSTEP_ASSIGN(const bool row, logs_.step());
      if (!row)
        return kDone;
      found.providers.emplace_back(logs_.columnId(0));
    }
  }

 private:
  PartReader(sql::Statement files, sql::Statement logs)
      : files_(std::move(files)), logs_(std::move(logs)) {}
  sql::Statement files_;
  sql::Statement logs_;
};

Result<std::optional<Export>> findExport(sql::Database& database, std::uint64_t id) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(std::string(kColumns) + "WHERE e.export_id = ?"));
  rows.bindId(0, id);
  DOORSTEP_ASSIGN(const bool row, rows.step());
  if (!row)
    return std::optional<Export>();
  Export found = readRow(rows);
  DOORSTEP_ASSIGN(auto parts, PartReader::open(database));
  DOORSTEP_TRY(parts.read(found));
  return std::optional(std::move(found));
}

Status insert(sql::Database& database, const Export& added) {
  const visits::ExportMade& made = added.said;
  DOORSTEP_ASSIGN(auto add, database.prepare(R"sql(
INSERT INTO export_made (export_id, contract_id, contract_ref, provider_id, lot, first_day,
  last_day, punctuality, as_of_unix_ms, account_id, made_unix_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"));
  add.bindId(0, made.id).bindId(1, made.contract.value).bindText(2, made.contractRef);
  add.bindId(3, made.provider.value).bindText(4, made.lot).bindText(5, made.firstDay);
  add.bindText(6, made.lastDay).bindText(7, made.punctuality).bind(8, made.asOfUnixMs);
  DOORSTEP_TRY(add.bindId(9, added.account.value).bind(10, added.madeUnixMs).run());
  DOORSTEP_ASSIGN(auto addFile, database.prepare(R"sql(
INSERT INTO export_made_file (export_id, file_number, format, row_count, byte_count, sha256)
VALUES (?, ?, ?, ?, ?, ?))sql"));
  std::int64_t number = 0;
  for (const visits::ExportedFile& file : made.files) {
    addFile.bindId(0, made.id).bind(1, ++number).bindText(2, file.format);
    addFile.bindId(3, file.rows).bindId(4, file.bytes);
    DOORSTEP_TRY(addFile.bindBlob(5, file.sha256.view()).run());
  }
  DOORSTEP_ASSIGN(auto addLog, database.prepare(R"sql(
INSERT INTO export_made_log (export_id, provider_id) VALUES (?, ?))sql"));
  for (const ProviderId provider : added.providers)
    DOORSTEP_TRY(addLog.bindId(0, made.id).bindId(1, provider.value).run());
  return kDone;
}

}  // namespace

// What does not fit is refused and not cut: the row and the fact say the same.
Status checkExport(const visits::ExportMade& made) {
  const auto fits = [](const std::string& text, std::size_t bytesMax) {
    return text.size() <= bytesMax && isUtf8(text) && text.find('\0') == std::string::npos;
  };
  bool fit = made.id != 0 && !made.files.empty() && made.files.size() <= visits::kOfficeExportsMax;
  for (const std::string* text : {&made.contractRef, &made.lot})
    fit = fit && fits(*text, visits::kOfficeRefBytesMax);
  for (const std::string* text : {&made.firstDay, &made.lastDay, &made.punctuality})
    fit = fit && fits(*text, visits::kOfficeCodeBytesMax);
  for (const visits::ExportedFile& file : made.files)
    fit = fit && fits(file.format, visits::kOfficeCodeBytesMax);
  if (fit)
    return kDone;
  return Error{ErrorCode::InvalidArgument, "EXPORT_FORMAT",
               "an export has an id, 1 to 16 files, and texts of at most 200 bytes"};
}

Result<Export> addExport(sql::Database& database, const visits::ExportMade& made,
                         std::vector<ProviderId> providers, event_log::OfficeAct& act) {
  DOORSTEP_TRY(checkExport(made));
  DOORSTEP_ASSIGN(auto known, findExport(database, made.id));
  if (known && known->account != act.by().account)
    return Error{ErrorCode::PermissionDenied, "OTHER_ACCOUNT", "another account made the export"};
  if (known)
    return *std::move(known);
  std::sort(providers.begin(), providers.end());
  providers.erase(std::unique(providers.begin(), providers.end()), providers.end());
  Export added{made, std::move(providers), act.by().account, act.decidedUnixMs()};
  DOORSTEP_TRY(insert(database, added));
  act.sayToEach(added.providers, visits::OfficeReason::Export, made);
  return added;
}

Result<ExportPage> listExports(sql::Database& database, const std::optional<ExportPlace>& below,
                               std::size_t size, std::size_t examinedMax,
                               const std::function<bool(const Export&)>& wanted) {
  constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
  DOORSTEP_ASSIGN(auto rows, database.prepare(std::string(kColumns) + R"sql(
WHERE e.made_unix_ms < ?1 OR (e.made_unix_ms = ?1 AND e.export_id < ?2)
ORDER BY e.made_unix_ms DESC, e.export_id DESC)sql"));
  rows.bind(0, below ? below->madeUnixMs : kLatest).bindId(1, below ? below->id : 0);
  DOORSTEP_ASSIGN(auto parts, PartReader::open(database));
  ExportPage page;
  ExportPlace last;
  for (std::size_t examined = 0;; ++examined) {
    DOORSTEP_TRY(database.goOn());
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return page;
    if (page.exports.size() == size || examined == examinedMax)
      break;
    Export found = readRow(rows);
    last = {found.madeUnixMs, found.said.id};
    DOORSTEP_TRY(parts.read(found));
    if (wanted(found))
      page.exports.push_back(std::move(found));
  }
  page.next = last;
  return page;
}

Status forEachExportOf(sql::Database& database, ProviderId provider,
                       const std::function<Status(const Export&)>& each) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(std::string(kColumns) + R"sql(
JOIN export_made_log l ON l.export_id = e.export_id
WHERE l.provider_id = ? ORDER BY e.export_id)sql"));
  rows.bindId(0, provider.value);
  DOORSTEP_ASSIGN(auto parts, PartReader::open(database));
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return kDone;
    Export found = readRow(rows);
    DOORSTEP_TRY(parts.read(found));
    DOORSTEP_TRY(each(found));
  }
}

}  // namespace doorstep::exports
