// SPDX-License-Identifier: Apache-2.0
#include "app/journal/damaged_journal.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "app/journal/schema.h"
#include "shared/core/durable_file.h"
#include "shared/sql/sqlite.h"

namespace doorstep::journal {
namespace {

namespace fs = std::filesystem;

// Folders with the same time; more indicate a faulty disk.
constexpr int kFoldersMax = 1000;

// Copies rows in the given order until one cannot be read. Damage affects one page or a few, so one
// pass from each end finds the rows before and after it.
template <typename CopyRow>
void copyReadable(sql::Database& from, const char* sql, CopyRow copyRow) {
  auto rows = from.prepare(sql);
  if (!rows.ok())
    return;
  for (;;) {
    const auto row = rows->step();
    if (!row.ok() || !*row)
      return;
    if (!copyRow(*rows).ok())
      return;
  }
}

std::uint64_t countRows(sql::Database& database, const char* sql) {
  auto count = database.prepare(sql);
  if (!count.ok())
    return 0;
  const auto row = count->step();
  return row.ok() && *row ? count->columnId(0) : 0;
}

Status copyDevice(sql::Database& from, sql::Database& to) {
  DOORSTEP_ASSIGN(auto insert,
                  to.prepare("INSERT OR IGNORE INTO device (id, device_id) VALUES (1, ?)"));
  copyReadable(from, "SELECT device_id FROM device",
               [&](sql::Statement& row) { return insert.bindId(0, row.columnId(0)).run(); });
  DOORSTEP_ASSIGN(auto owner,
                  to.prepare("INSERT OR IGNORE INTO owner (id, carer_id) VALUES (1, ?)"));
  copyReadable(from, "SELECT carer_id FROM owner",
               [&](sql::Statement& row) { return owner.bindId(0, row.columnId(0)).run(); });
  return kDone;
}

Status copyEvents(sql::Database& from, sql::Database& to) {
  DOORSTEP_ASSIGN(auto insert,
                  to.prepare("INSERT OR IGNORE INTO event (number, boot, boot_ms, content)"
                             " VALUES (?, ?, ?, ?)"));
  const auto copyRow = [&](sql::Statement& row) {
    const std::string content = row.columnBlob(3);
    return insert.bindId(0, row.columnId(0))
        .bind(1, row.columnInt(1))
        .bind(2, row.columnInt(2))
        .bindBlob(3, content)
        .run();
  };
  copyReadable(from, "SELECT number, boot, boot_ms, content FROM event ORDER BY number", copyRow);
  copyReadable(from, "SELECT number, boot, boot_ms, content FROM event ORDER BY number DESC",
               copyRow);
  return kDone;
}

Status copyEntries(sql::Database& from, sql::Database& to) {
  DOORSTEP_ASSIGN(auto insert,
                  to.prepare("INSERT OR IGNORE INTO entry (n, first_event, event_count, boot, hash,"
                             " content) VALUES (?, ?, ?, ?, ?, ?)"));
  const auto copyRow = [&](sql::Statement& row) {
    const std::string hash = row.columnBlob(4);
    const std::string content = row.columnBlob(5);
    return insert.bindId(0, row.columnId(0))
        .bindId(1, row.columnId(1))
        .bind(2, row.columnInt(2))
        .bind(3, row.columnInt(3))
        .bindBlob(4, hash)
        .bindBlob(5, content)
        .run();
  };
  copyReadable(from,
               "SELECT n, first_event, event_count, boot, hash, content FROM entry ORDER BY n",
               copyRow);
  copyReadable(from,
               "SELECT n, first_event, event_count, boot, hash, content FROM entry ORDER BY n DESC",
               copyRow);
  DOORSTEP_ASSIGN(auto receipts,
                  to.prepare("INSERT OR IGNORE INTO receipt (n, position,"
                             " quarantine_reason, server_unix_ms) VALUES (?, ?, ?, ?)"));
  copyReadable(
      from, "SELECT n, position, quarantine_reason, server_unix_ms FROM receipt",
      [&](sql::Statement& row) {
        receipts.bindId(0, row.columnId(0)).bind(2, row.columnInt(2)).bind(3, row.columnInt(3));
        if (!row.columnIsNull(1))
          receipts.bindId(1, row.columnId(1));
        return receipts.run();
      });
  return kDone;
}

Status rescue(const std::string& damagedFile, SetAside& result) {
  DOORSTEP_ASSIGN(auto to, sql::openSqlite(result.rescueFile, {}));
  DOORSTEP_TRY(migrateJournal(to));
  DOORSTEP_ASSIGN(auto from, sql::openSqlite(damagedFile, {.readOnly = true}));
  DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(to));
  DOORSTEP_TRY(copyDevice(from, to));
  DOORSTEP_TRY(copyEvents(from, to));
  DOORSTEP_TRY(copyEntries(from, to));
  DOORSTEP_TRY(transaction.commit());
  result.events = countRows(to, "SELECT count(*) FROM event");
  result.entries = countRows(to, "SELECT count(*) FROM entry");
  return kDone;
}

// A clock that was set back may repeat a time: no folder is used twice.
Result<std::string> nameFolder(const std::string& folder, std::int64_t nowUnixMs) {
  std::error_code failure;
  for (int again = 0; again < kFoldersMax; ++again) {
    const std::string name = folder + "/set-aside-" + std::to_string(nowUnixMs) +
                             (again == 0 ? "" : "-" + std::to_string(again));
    if (fs::exists(name, failure) && !failure)
      continue;
    fs::rename(fs::path(folder) / kUnfinishedFolder, name, failure);
    if (failure)
      return writeError(failure);
    DOORSTEP_TRY(syncFolder(folder));
    return name;
  }
  return Error{ErrorCode::ResourceExhausted, "FILE_WRITE", "too many folders of one moment"};
}

}  // namespace

Result<SetAside> setAside(const std::string& folder, std::int64_t nowUnixMs,
                          std::span<const char* const> also) {
  const fs::path unfinished = fs::path(folder) / kUnfinishedFolder;
  std::vector<const char*> names = {"journal.db", "journal.db-wal", "journal.db-shm",
                                    "journal.db-head"};
  names.insert(names.end(), also.begin(), also.end());
  std::error_code failure;
  // From an earlier call that was interrupted before its last step: existing files stay.
  const bool ended = std::any_of(names.begin(), names.end(), [&](const char* name) {
    std::error_code unseen;
    return fs::exists(unfinished / name, unseen) && fs::exists(fs::path(folder) / name, unseen);
  });
  if (ended)
    DOORSTEP_TRY(nameFolder(folder, nowUnixMs));
  // Syncs the folder's name before files are moved into it, so that a power cut cannot lose them.
  if (fs::create_directory(unfinished, failure))
    DOORSTEP_TRY(syncFolder(folder));
  for (const char* name : names) {
    const fs::path from = fs::path(folder) / name;
    std::error_code unseen;
    if (!failure && fs::exists(from, unseen))
      fs::rename(from, unfinished / name, failure);
  }
  if (failure)
    return writeError(failure);
  DOORSTEP_TRY(syncFolder(unfinished));
  SetAside result;
  DOORSTEP_ASSIGN(result.folder, nameFolder(folder, nowUnixMs));
  result.rescueFile = result.folder + "/rescue.db";
  // Copies what can be read; if nothing can, that is not an error.
  (void)rescue(result.folder + "/journal.db", result);
  return result;
}

}  // namespace doorstep::journal
