// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/log_tables.h"

#include "shared/evidence/entry_chain.h"
#include "shared/wire/arrival_codec.h"
#include "sync-server/event_log/limits.h"

namespace doorstep::event_log {
namespace {

constexpr const char* kInsertAlarm =
    "INSERT INTO alarm (provider_id, id, kind, device_id, raised_unix_ms, evidence) "
    "SELECT ?1, coalesce((SELECT max(id) FROM alarm WHERE provider_id = ?1), 0) + 1, ?2, ?3, ?4, "
    "?5 "
    "WHERE (SELECT count(*) FROM alarm WHERE provider_id = ?1 AND device_id = ?3) < ?6";
constexpr const char* kInsertOutside =
    "INSERT INTO outside_entry (provider_id, id, device_id, n, reason, entry, entry_hash, "
    "received_unix_ms) SELECT ?1, coalesce((SELECT max(id) FROM outside_entry WHERE provider_id = "
    "?1), 0) + 1, "
    "?2, ?3, ?4, ?5, ?6, ?7";

constexpr const char* kEntryColumns =
    "position, device_id, carer_id, n, entry_hash, arrival_hash, entry, received_unix_ms, clock, "
    "not_before_unix_ms, quarantine_reason";

Status bindOptional(sql::Statement& statement, int index,
                    const std::optional<std::uint64_t>& value) {
  if (value)
    statement.bindId(index, *value);
  else
    statement.bindNull(index);
  return kDone;
}

std::optional<std::uint64_t> optionalColumn(const sql::Statement& statement, int column) {
  if (statement.columnIsNull(column))
    return std::nullopt;
  return statement.columnId(column);
}

// Rows of kEntryColumns.
Result<std::vector<StoredEntry>> entriesOf(sql::Statement& s, ProviderId provider) {
  std::vector<StoredEntry> entries;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, s.step());
    if (!row)
      return entries;
    StoredEntry entry{.provider = provider,
                      .position = s.columnId(0),
                      .device = DeviceId(s.columnId(1)),
                      .carer = CarerId(s.columnId(2)),
                      .n = s.columnId(3)};
    DOORSTEP_ASSIGN(entry.entryHash, hashFromBytes(s.columnBlob(4)));
    DOORSTEP_ASSIGN(entry.arrivalHash, hashFromBytes(s.columnBlob(5)));
    entry.entry = s.columnBlob(6);
    entry.receivedUnixMs = s.columnInt(7);
    entry.clock = s.columnBlob(8);
    entry.anchor = wire::anchorOf(entry.arrival());
    entry.anchor.notBeforeUnixMs = s.columnInt(9);
    entry.quarantineReason = s.columnText(10);
    entries.push_back(std::move(entry));
  }
}

}  // namespace

Result<LogWriter> LogWriter::prepare(sql::Database& writer) {
  LogWriter tables;
  DOORSTEP_ASSIGN(
      tables.entry_,
      writer.prepare("INSERT INTO entry (provider_id, position, device_id, carer_id, n, "
                     "previous_position, entry_hash, arrival_hash, entry, received_unix_ms, "
                     "clock, not_before_unix_ms, quarantine_reason) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  DOORSTEP_ASSIGN(
      tables.tileRoot_,
      writer.prepare(
          "INSERT INTO tile_root (provider_id, level, tile_index, hash) VALUES (?, ?, ?, ?)"));
  DOORSTEP_ASSIGN(tables.head_,
                  writer.prepare("INSERT INTO device_head (provider_id, device_id, n, "
                                 "entry_hash, passed_over, next_event_number, "
                                 "position, quarantined) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                                 "ON CONFLICT (provider_id, device_id) DO UPDATE SET "
                                 "n = excluded.n, entry_hash = excluded.entry_hash, "
                                 "passed_over = excluded.passed_over, "
                                 "next_event_number = excluded.next_event_number, "
                                 "position = excluded.position, "
                                 "quarantined = excluded.quarantined"));
  DOORSTEP_ASSIGN(tables.log_, writer.prepare("INSERT INTO log (provider_id, origin, size, root, "
                                              "checkpoint_note) VALUES (?, ?, ?, ?, ?) "
                                              "ON CONFLICT (provider_id) DO UPDATE SET "
                                              "origin = excluded.origin, size = excluded.size, "
                                              "root = excluded.root, "
                                              "checkpoint_note = excluded.checkpoint_note"));
  DOORSTEP_ASSIGN(tables.outside_, writer.prepare(kInsertOutside));
  DOORSTEP_ASSIGN(tables.deleteOutside_,
                  writer.prepare("DELETE FROM outside_entry WHERE provider_id = ? AND device_id = "
                                 "? AND entry_hash = ? RETURNING reason"));
  DOORSTEP_ASSIGN(tables.alarm_, writer.prepare(kInsertAlarm));
  DOORSTEP_ASSIGN(tables.late_,
                  writer.prepare("INSERT INTO late_entry (provider_id, device_id, n, position) "
                                 "VALUES (?, ?, ?, ?)"));
  DOORSTEP_ASSIGN(tables.deleteOpen_,
                  writer.prepare("DELETE FROM open_n WHERE provider_id = ? AND device_id = ?"));
  DOORSTEP_ASSIGN(tables.open_,
                  writer.prepare("INSERT INTO open_n (provider_id, device_id, n, event_low, "
                                 "event_high) VALUES (?, ?, ?, ?, ?)"));
  DOORSTEP_ASSIGN(tables.count_, writer.prepare("UPDATE entry SET quarantine_reason = '' "
                                                "WHERE provider_id = ? AND position = ?"));
  return tables;
}

Status LogWriter::count(ProviderId provider, std::uint64_t position) {
  return count_->bindId(0, provider.value).bindId(1, position).run();
}

Status LogWriter::insertEntry(const StoredEntry& entry,
                              std::optional<std::uint64_t> previousPosition) {
  auto& s = *entry_;
  s.bindId(0, entry.provider.value).bindId(1, entry.position).bindId(2, entry.device.value);
  s.bindId(3, entry.carer.value).bindId(4, entry.n);
  DOORSTEP_TRY(bindOptional(s, 5, previousPosition));
  s.bindBlob(6, entry.entryHash.view()).bindBlob(7, entry.arrivalHash.view());
  s.bindBlob(8, entry.entry).bind(9, entry.receivedUnixMs).bindBlob(10, entry.clock);
  s.bind(11, entry.anchor.notBeforeUnixMs).bindText(12, entry.quarantineReason);
  return s.run();
}

Status LogWriter::insertTileRoot(ProviderId provider, const evidence::Subtree& tile,
                                 const Hash& hash) {
  return tileRoot_->bindId(0, provider.value)
      .bind(1, std::int64_t{tile.level})
      .bindId(2, tile.index)
      .bindBlob(3, hash.view())
      .run();
}

Status LogWriter::writeHead(ProviderId provider, DeviceId device, const DeviceHead& head) {
  auto& s = *head_;
  s.bindId(0, provider.value)
      .bindId(1, device.value)
      .bindId(2, head.n)
      .bindBlob(3, head.entryHash.view());
  s.bind(4, std::int64_t{head.passedOver}).bindId(5, head.nextEventNumber);
  DOORSTEP_TRY(bindOptional(s, 6, head.position));
  return s.bind(7, std::int64_t{head.quarantined}).run();
}

Status LogWriter::writeLog(ProviderId provider, const LogHead& head) {
  return log_->bindId(0, provider.value)
      .bindText(1, head.origin)
      .bindId(2, head.size)
      .bindBlob(3, head.root.view())
      .bindText(4, head.checkpointNote)
      .run();
}

Status LogWriter::insertOutside(const OutsideEntry& entry) {
  auto& s = *outside_;
  s.bindId(0, entry.provider.value)
      .bindId(1, entry.device.value)
      .bindId(2, entry.n)
      .bindText(3, entry.reason);
  s.bindBlob(4, entry.entry).bindBlob(5, entry.entryHash.view());
  return s.bind(6, entry.receivedUnixMs).run();
}

Result<std::optional<std::string>> LogWriter::deleteOutside(ProviderId provider, DeviceId device,
                                                            const Hash& entryHash) {
  auto& s = *deleteOutside_;
  s.bindId(0, provider.value).bindId(1, device.value).bindBlob(2, entryHash.view());
  auto deleted = s.step();
  std::optional<std::string> reason;
  if (deleted.ok() && *deleted)
    reason = s.columnText(0);
  s.reset();
  DOORSTEP_TRY(deleted);
  return reason;
}

Status LogWriter::insertLate(const StoredEntry& entry) {
  return late_->bindId(0, entry.provider.value)
      .bindId(1, entry.device.value)
      .bindId(2, entry.n)
      .bindId(3, entry.position)
      .run();
}

Status LogWriter::writeOpen(ProviderId provider, DeviceId device, const OpenNs& open) {
  DOORSTEP_TRY(deleteOpen_->bindId(0, provider.value).bindId(1, device.value).run());
  for (const auto& [n, range] : open) {
    open_->bindId(0, provider.value).bindId(1, device.value).bindId(2, n);
    open_->bindId(3, range.eventLow);
    if (range.eventHigh == UINT64_MAX)
      open_->bindNull(4);
    else
      open_->bindId(4, range.eventHigh);
    DOORSTEP_TRY(open_->run());
  }
  return kDone;
}

Status LogWriter::insertAlarm(const Alarm& alarm) {
  return alarm_->bindId(0, alarm.provider.value)
      .bind(1, std::int64_t{static_cast<int>(alarm.kind)})
      .bindId(2, alarm.device.value)
      .bind(3, alarm.raisedUnixMs)
      .bindBlob(4, alarm.evidence)
      .bind(5, std::int64_t{kAlarmsPerDeviceMax})
      .run();
}

Result<std::vector<std::pair<ProviderId, LogHead>>> readLogs(sql::Database& database) {
  DOORSTEP_ASSIGN(
      auto s,
      database.prepare(
          "SELECT provider_id, origin, size, root, checkpoint_note FROM log ORDER BY provider_id"));
  std::vector<std::pair<ProviderId, LogHead>> logs;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, s.step());
    if (!row)
      return logs;
    LogHead head{.origin = s.columnText(1), .size = s.columnId(2)};
    DOORSTEP_ASSIGN(head.root, hashFromBytes(s.columnBlob(3)));
    head.checkpointNote = s.columnText(4);
    logs.emplace_back(ProviderId(s.columnId(0)), std::move(head));
  }
}

Result<std::optional<DeviceHead>> readHead(sql::Database& database, ProviderId provider,
                                           DeviceId device) {
  DOORSTEP_ASSIGN(auto s,
                  database.prepare("SELECT n, entry_hash, passed_over, next_event_number, "
                                   "position, quarantined, (SELECT count(*) FROM open_n WHERE "
                                   "open_n.provider_id = device_head.provider_id AND "
                                   "open_n.device_id = device_head.device_id), "
                                   "(SELECT count(*) FROM outside_entry WHERE "
                                   "outside_entry.provider_id = device_head.provider_id "
                                   "AND outside_entry.device_id = device_head.device_id "
                                   "AND reason IN ('BAD_SIGNATURE', 'MALFORMED')) "
                                   "FROM device_head "
                                   "WHERE provider_id = ? AND device_id = ?"));
  s.bindId(0, provider.value).bindId(1, device.value);
  DOORSTEP_ASSIGN(const bool row, s.step());
  if (!row)
    return std::optional<DeviceHead>();
  DeviceHead head{.n = s.columnId(0)};
  DOORSTEP_ASSIGN(head.entryHash, hashFromBytes(s.columnBlob(1)));
  head.passedOver = s.columnInt(2) != 0;
  head.nextEventNumber = s.columnId(3);
  head.position = optionalColumn(s, 4);
  head.quarantined = static_cast<std::uint32_t>(s.columnInt(5));
  head.open = static_cast<std::uint32_t>(s.columnInt(6));
  head.notSigned = static_cast<std::uint32_t>(s.columnInt(7));
  return std::optional(head);
}

Result<std::optional<ChainLink>> readLink(sql::Database& database, ProviderId provider,
                                          std::uint64_t position) {
  DOORSTEP_ASSIGN(auto s,
                  database.prepare("SELECT n, entry_hash, previous_position, quarantine_reason "
                                   "FROM entry WHERE provider_id = ? AND position = ?"));
  s.bindId(0, provider.value).bindId(1, position);
  DOORSTEP_ASSIGN(const bool row, s.step());
  if (!row)
    return std::optional<ChainLink>();
  ChainLink link{.n = s.columnId(0)};
  DOORSTEP_ASSIGN(link.entryHash, hashFromBytes(s.columnBlob(1)));
  link.previousPosition = optionalColumn(s, 2);
  link.quarantineReason = s.columnText(3);
  return std::optional(link);
}

Result<std::vector<Hash>> readLeaves(sql::Database& database, ProviderId provider,
                                     std::uint64_t from, std::uint64_t to) {
  DOORSTEP_ASSIGN(auto s, database.prepare("SELECT entry_hash, arrival_hash FROM entry WHERE "
                                           "provider_id = ? AND position >= ? AND position < ? "
                                           "ORDER BY position"));
  s.bindId(0, provider.value).bindId(1, from).bindId(2, to);
  std::vector<Hash> leaves;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, s.step());
    if (!row)
      break;
    DOORSTEP_ASSIGN(const Hash entryHash, hashFromBytes(s.columnBlob(0)));
    DOORSTEP_ASSIGN(const Hash arrivalHash, hashFromBytes(s.columnBlob(1)));
    leaves.push_back(evidence::leafHash(evidence::leafData(entryHash, arrivalHash)));
  }
  if (leaves.size() != to - from)
    return Error{ErrorCode::DataLoss, "ENTRY_MISSING", "a position has no entry"};
  return leaves;
}

Result<std::vector<Hash>> readTileRoots(sql::Database& database, ProviderId provider, int level,
                                        std::uint64_t from, std::uint64_t to) {
  DOORSTEP_ASSIGN(auto s, database.prepare("SELECT hash FROM tile_root WHERE provider_id = ? AND "
                                           "level = ? AND tile_index >= ? AND tile_index < ? "
                                           "ORDER BY tile_index"));
  s.bindId(0, provider.value).bind(1, std::int64_t{level}).bindId(2, from).bindId(3, to);
  std::vector<Hash> roots;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, s.step());
    if (!row)
      break;
    DOORSTEP_ASSIGN(const Hash hash, hashFromBytes(s.columnBlob(0)));
    roots.push_back(hash);
  }
  if (roots.size() != to - from)
    return Error{ErrorCode::DataLoss, "TILE_MISSING", "a full tile has no root"};
  return roots;
}

Result<std::vector<StoredEntry>> readEntries(sql::Database& database, ProviderId provider,
                                             std::uint64_t from, std::size_t limit) {
  DOORSTEP_ASSIGN(
      auto s, database.prepare(
                  std::string("SELECT ") + kEntryColumns +
                  " FROM entry WHERE provider_id = ? AND position >= ? ORDER BY position LIMIT ?"));
  s.bindId(0, provider.value)
      .bindId(1, from)
      .bind(2, static_cast<std::int64_t>(std::min(limit, kEntriesPerReadMax)));
  return entriesOf(s, provider);
}

Result<std::vector<StoredEntry>> readQuarantined(sql::Database& database, ProviderId provider,
                                                 std::uint64_t below, std::size_t limit) {
  DOORSTEP_ASSIGN(auto s,
                  database.prepare(std::string("SELECT ") + kEntryColumns +
                                   " FROM entry INDEXED BY entry_quarantined WHERE provider_id = ? "
                                   "AND position < ? AND quarantine_reason <> '' "
                                   "ORDER BY position DESC LIMIT ?"));
  s.bindId(0, provider.value).bindId(1, std::min(below, std::uint64_t{INT64_MAX}));
  s.bind(2, static_cast<std::int64_t>(std::min(limit, kEntriesPerReadMax)));
  return entriesOf(s, provider);
}

Result<std::vector<OutsideEntry>> readOutside(sql::Database& database, ProviderId provider,
                                              std::uint64_t before, std::size_t limit) {
  DOORSTEP_ASSIGN(auto s,
                  database.prepare("SELECT id, device_id, n, reason, entry, entry_hash, "
                                   "received_unix_ms FROM outside_entry "
                                   "WHERE provider_id = ? AND id < ? ORDER BY id DESC LIMIT ?"));
  s.bindId(0, provider.value).bind(1, before == 0 ? INT64_MAX : static_cast<std::int64_t>(before));
  s.bind(2, static_cast<std::int64_t>(std::min(limit, kEntriesPerReadMax)));
  std::vector<OutsideEntry> entries;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, s.step());
    if (!row)
      return entries;
    OutsideEntry entry{.id = s.columnId(0),
                       .provider = provider,
                       .device = DeviceId(s.columnId(1)),
                       .n = s.columnId(2),
                       .reason = s.columnText(3),
                       .entry = s.columnBlob(4)};
    DOORSTEP_ASSIGN(entry.entryHash, hashFromBytes(s.columnBlob(5)));
    entry.receivedUnixMs = s.columnInt(6);
    entries.push_back(std::move(entry));
  }
}

Result<std::vector<Alarm>> readAlarms(sql::Database& database, ProviderId provider,
                                      std::uint64_t before, std::size_t limit) {
  DOORSTEP_ASSIGN(auto s, database.prepare("SELECT id, kind, device_id, raised_unix_ms, evidence "
                                           "FROM alarm WHERE provider_id = ? AND id < ? "
                                           "ORDER BY id DESC LIMIT ?"));
  s.bindId(0, provider.value).bind(1, before == 0 ? INT64_MAX : static_cast<std::int64_t>(before));
  s.bind(2, static_cast<std::int64_t>(std::min(limit, kEntriesPerReadMax)));
  std::vector<Alarm> alarms;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, s.step());
    if (!row)
      return alarms;
    alarms.push_back({.kind = static_cast<AlarmKind>(s.columnInt(1)),
                      .provider = provider,
                      .device = DeviceId(s.columnId(2)),
                      .raisedUnixMs = s.columnInt(3),
                      .evidence = s.columnBlob(4),
                      .id = s.columnId(0)});
  }
}

Result<std::map<std::string, std::uint64_t>> countQuarantined(sql::Database& database,
                                                              ProviderId provider) {
  DOORSTEP_ASSIGN(
      auto s, database.prepare("SELECT reason FROM outside_entry WHERE provider_id = ?1 UNION ALL "
                               "SELECT quarantine_reason FROM entry INDEXED BY entry_quarantined "
                               "WHERE provider_id = ?1 AND quarantine_reason <> ''"));
  s.bindId(0, provider.value);
  std::map<std::string, std::uint64_t> counts;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, s.step());
    if (!row)
      return counts;
    ++counts[s.columnText(0)];
  }
}

Result<std::optional<std::string>> readOutsideReason(sql::Database& database, ProviderId provider,
                                                     DeviceId device, const Hash& entryHash) {
  DOORSTEP_ASSIGN(auto s, database.prepare("SELECT reason FROM outside_entry WHERE provider_id = ? "
                                           "AND device_id = ? AND entry_hash = ?"));
  s.bindId(0, provider.value).bindId(1, device.value).bindBlob(2, entryHash.view());
  DOORSTEP_ASSIGN(const bool row, s.step());
  if (!row)
    return std::optional<std::string>();
  return std::optional(s.columnText(0));
}

Result<OpenNs> readOpenNs(sql::Database& database, ProviderId provider, DeviceId device) {
  DOORSTEP_ASSIGN(auto s, database.prepare("SELECT n, event_low, event_high FROM open_n "
                                           "WHERE provider_id = ? AND device_id = ?"));
  s.bindId(0, provider.value).bindId(1, device.value);
  OpenNs open;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, s.step());
    if (!row)
      return open;
    open[s.columnId(0)] = {s.columnId(1), s.columnIsNull(2) ? UINT64_MAX : s.columnId(2)};
  }
}

Result<std::optional<std::uint64_t>> readLatePosition(sql::Database& database, ProviderId provider,
                                                      DeviceId device, std::uint64_t n) {
  DOORSTEP_ASSIGN(auto s, database.prepare("SELECT position FROM late_entry WHERE provider_id = ? "
                                           "AND device_id = ? AND n = ?"));
  s.bindId(0, provider.value).bindId(1, device.value).bindId(2, n);
  DOORSTEP_ASSIGN(const bool row, s.step());
  return row ? std::optional(s.columnId(0)) : std::nullopt;
}

}  // namespace doorstep::event_log
