// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "app/journal/event_row.h"
#include "app/journal/journal.h"
#include "app/journal/schema.h"
#include "app/journal/statements.h"
#include "shared/wire/entry_codec.h"

// Opening a journal: reads its state and checks the invariants before anything is written.
namespace doorstep::journal {
namespace {

Error damaged(std::string text) {
  return {ErrorCode::DataLoss, "JOURNAL_DAMAGED", std::move(text)};
}

// Damage shows as various SQLite codes; a busy or full file is not damaged.
Error asDamage(const Error& error) {
  const bool isDamage = error.reason == "SQLITE_CORRUPT" || error.reason == "SQLITE_NOTADB" ||
                        error.reason == "DATABASE_DAMAGED" || error.reason == "SEAL_BROKEN" ||
                        error.reason == "SCHEMA_DAMAGED" || error.reason == "SQLITE_ERROR" ||
                        error.reason == "SQLITE_CONSTRAINT" || error.reason == "MALFORMED" ||
                        error.reason == "HASH_LENGTH" || error.reason == "FRONTIER_SHAPE" ||
                        error.reason == "SCHEMA_TOO_OLD";
  return isDamage ? damaged(error.reason) : error;
}

}  // namespace

Journal::Journal(sql::Database database, const std::string& path, Options options,
                 platform::Platform& platform)
    : database_(std::move(database)),
      options_(std::move(options)),
      platform_(platform),
      head_(options_.file.vfs.empty() ? path + std::string(kHeadEnding) : std::string()) {}

Result<std::unique_ptr<Journal>> Journal::open(const std::string& path, Options options,
                                               platform::Platform& platform) {
  options.file.exclusive = true;
  options.file.create = !options.mustExist;
  std::error_code unseen;
  if (options.mustExist && options.file.vfs.empty() &&
      !std::filesystem::is_regular_file(path, unseen) &&
      (!unseen || unseen == std::errc::no_such_file_or_directory))
    return damaged("the file is missing");
  auto database = sql::openSqlite(path, options.file);
  if (!database.ok())
    return asDamage(database.error());
  std::unique_ptr<Journal> journal(
      new Journal(std::move(database).value(), path, std::move(options), platform));
  if (auto loaded = journal->load(); !loaded.ok())
    return asDamage(loaded.error());
  return journal;
}

Result<std::unique_ptr<Journal::Statements>> Journal::Statements::prepare(sql::Database& database) {
  DOORSTEP_ASSIGN(
      auto insertEvent,
      database.prepare("INSERT INTO event (number, boot, boot_ms, content) VALUES (?, ?, ?, ?)"));
  DOORSTEP_ASSIGN(
      auto pendingEvents,
      database.prepare("SELECT number, content FROM event WHERE number > ? ORDER BY number"));
  DOORSTEP_ASSIGN(
      auto insertEntry,
      database.prepare("INSERT INTO entry (n, first_event, event_count, boot, hash, content)"
                       " VALUES (?, ?, ?, ?, ?, ?)"));
  DOORSTEP_ASSIGN(auto entryContent, database.prepare("SELECT content FROM entry WHERE n = ?"));
  DOORSTEP_ASSIGN(auto insertReceipt,
                  database.prepare("INSERT OR REPLACE INTO receipt (n, position, quarantine_reason,"
                                   " server_unix_ms, received_unix_ms) VALUES (?, ?, ?, ?, ?)"));
  DOORSTEP_ASSIGN(auto writeState,
                  database.prepare("INSERT OR REPLACE INTO sync_state (id, log_size, frontier,"
                                   " checkpoint_note, contradicted_checkpoint, log_contradicted,"
                                   " reply_boot, reply_boot_ms, reply_server_unix_ms,"
                                   " reply_wall_unix_ms, formats_heard)"
                                   " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  DOORSTEP_ASSIGN(
      auto keepPlan,
      database.prepare(
          "INSERT OR REPLACE INTO kept_plan (visit_id, visit, person) VALUES (?, ?, ?)"));
  return std::make_unique<Statements>(Statements{std::move(insertEvent), std::move(pendingEvents),
                                                 std::move(insertEntry), std::move(entryContent),
                                                 std::move(insertReceipt), std::move(writeState),
                                                 std::move(keepPlan)});
}

Status Journal::load() {
  DOORSTEP_TRY(database_.quickCheck());
  DOORSTEP_TRY(migrateJournal(database_));
  DOORSTEP_ASSIGN(const bool isNew, claim());
  DOORSTEP_ASSIGN(statements_, Statements::prepare(database_));
  DOORSTEP_TRY(loadEntries());
  DOORSTEP_TRY(loadSyncState());
  DOORSTEP_TRY(loadKeptPlans());
  DOORSTEP_TRY(checkWhole());
  return checkHead(isNew);
}

// The journal of a new device has no head yet; a file in its place is ignored.
Status Journal::checkHead(bool isNew) {
  const auto head = head_.read();
  if (!isNew && head && head->device == options_.device &&
      (lastEvent_ < head->lastEvent || lastEntry() < head->lastEntry))
    return damaged("it went back behind the numbers that it has given");
  if (head != JournalHead::Numbers{options_.device, lastEvent_, lastEntry()})
    writeHead();
  return kDone;
}

// The first opening assigns the journal to this device and carer.
Result<bool> Journal::claim() {
  DOORSTEP_ASSIGN(auto device, database_.prepare("SELECT device_id FROM device WHERE id = 1"));
  DOORSTEP_ASSIGN(const bool known, device.step());
  if (known && DeviceId(device.columnId(0)) != options_.device)
    return Error{ErrorCode::FailedPrecondition, "JOURNAL_OTHER_DEVICE",
                 "journal of another device"};
  device.reset();
  if (!known && options_.mustExist)
    return damaged("the file is empty");
  if (!known) {
    DOORSTEP_ASSIGN(auto insert,
                    database_.prepare("INSERT INTO device (id, device_id) VALUES (1, ?)"));
    DOORSTEP_TRY(insert.bindId(0, options_.device.value).run());
  }
  if (!options_.carer)
    return !known;
  DOORSTEP_ASSIGN(auto owner, database_.prepare("SELECT carer_id FROM owner WHERE id = 1"));
  DOORSTEP_ASSIGN(const bool said, owner.step());
  if (said)
    return !known;
  owner.reset();
  DOORSTEP_ASSIGN(auto insert, database_.prepare("INSERT INTO owner (id, carer_id) VALUES (1, ?)"));
  DOORSTEP_TRY(insert.bindId(0, options_.carer.value).run());
  return !known;
}

Status Journal::loadEntries() {
  DOORSTEP_ASSIGN(
      auto rows,
      database_.prepare(
          "SELECT entry.n, first_event, event_count, boot, hash, receipt.n IS NOT NULL, position,"
          " quarantine_reason, server_unix_ms, received_unix_ms FROM entry LEFT JOIN receipt USING "
          "(n) ORDER BY "
          "entry.n"));
  for (;;) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      break;
    DOORSTEP_ASSIGN(const Hash hash, hashFromBytes(rows.columnBlob(4)));
    EntryStanding standing{rows.columnId(0),
                           rows.columnId(1),
                           static_cast<std::uint32_t>(rows.columnInt(2)),
                           static_cast<std::uint32_t>(rows.columnInt(3)),
                           hash,
                           std::nullopt};
    if (rows.columnInt(5) != 0) {
      Receipt receipt{standing.n, std::nullopt, static_cast<int>(rows.columnInt(7)),
                      rows.columnInt(8), rows.columnInt(9)};
      if (!rows.columnIsNull(6))
        receipt.position = rows.columnId(6);
      standing.receipt = receipt;
    }
    if (standing.eventCount == 0 ||
        (!entries_.empty() && (standing.n != entries_.back().n + 1 ||
                               standing.firstEvent != entries_.back().lastEvent() + 1)))
      return damaged("numbers of entries are not dense");
    entries_.push_back(standing);
  }
  firstWithoutReceipt_ = entries_.empty() ? 1 : entries_.front().n;
  advanceFirstWithoutReceipt();
  return kDone;
}

Status Journal::loadSyncState() {
  DOORSTEP_ASSIGN(
      auto row,
      database_.prepare(
          "SELECT log_size, frontier, checkpoint_note, contradicted_checkpoint, log_contradicted,"
          " reply_boot, reply_boot_ms, reply_server_unix_ms, reply_wall_unix_ms, formats_heard"
          " FROM sync_state WHERE id = 1"));
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return kDone;
  std::vector<Hash> hashes;
  const std::string frontier = row.columnBlob(1);
  for (std::size_t at = 0; at < frontier.size(); at += 32) {
    DOORSTEP_ASSIGN(const Hash hash, hashFromBytes(frontier.substr(at, 32)));
    hashes.push_back(hash);
  }
  DOORSTEP_ASSIGN(syncState_.frontier,
                  evidence::Frontier::restore(row.columnId(0), std::move(hashes)));
  syncState_.checkpointNote = row.columnText(2);
  syncState_.contradictedCheckpoint = row.columnText(3);
  syncState_.logContradicted = row.columnInt(4) != 0;
  syncState_.replyBoot = static_cast<std::uint32_t>(row.columnInt(5));
  syncState_.replyBootMs = row.columnId(6);
  syncState_.replyServerUnixMs = row.columnInt(7);
  if (!row.columnIsNull(8))
    syncState_.replyWallUnixMs = row.columnInt(8);
  if (!row.columnIsNull(9))
    syncState_.formatsHeard = row.columnBlob(9);
  return kDone;
}

// Numbers are dense, and the chain's head is the signed entry: the next entry will contain its hash
// permanently.
Status Journal::checkWhole() {
  DOORSTEP_ASSIGN(
      auto range,
      database_.prepare(
          "SELECT count(*), coalesce(min(number), 0), coalesce(max(number), 0) FROM event"));
  DOORSTEP_ASSIGN(const bool row, range.step());
  if (!row)
    return damaged("no answer about events");
  const std::uint64_t count = range.columnId(0);
  const std::uint64_t first = range.columnId(1);
  lastEvent_ = range.columnId(2);
  range.reset();
  const std::uint64_t firstExpected = entries_.empty() ? 1 : entries_.front().firstEvent;
  if (count > 0 && (first != firstExpected || lastEvent_ - first + 1 != count))
    return damaged("numbers of events are not dense");
  if (lastEvent_ < lastSealedEvent())
    return damaged("an entry's events are missing");
  if (lastEvent_ > 0) {
    DOORSTEP_ASSIGN(auto last,
                    database_.prepare("SELECT boot, boot_ms FROM event WHERE number = ?"));
    DOORSTEP_ASSIGN(const bool found, last.bindId(0, lastEvent_).step());
    if (!found)
      return damaged("the last event is missing");
    lastBoot_ = static_cast<std::uint32_t>(last.columnInt(0));
    lastBootMs_ = last.columnId(1);
  }
  if (!entries_.empty()) {
    DOORSTEP_ASSIGN(const auto head, entriesFrom(lastEntry(), Which::All, 1, 1));
    const auto opened = head.size() == 1 ? wire::openEntry(head[0].bytes)
                                         : Error{ErrorCode::DataLoss, "JOURNAL_DAMAGED", ""};
    if (!opened.ok() || opened->evidence.hash(options_.device) != entries_.back().hash)
      return damaged("the head of the chain is not what was signed");
  }
  return kDone;
}

Result<std::vector<visits::RecordedEvent>> Journal::readEvents() {
  std::vector<visits::RecordedEvent> events;
  DOORSTEP_ASSIGN(auto rows,
                  database_.prepare("SELECT number, content FROM event ORDER BY number"));
  for (;;) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return events;
    auto event = openEventRow(options_.key, options_.device, rows.columnId(0), rows.columnBlob(1));
    if (!event.ok())
      return asDamage(event.error());
    events.push_back(std::move(event).value());
  }
}

}  // namespace doorstep::journal
