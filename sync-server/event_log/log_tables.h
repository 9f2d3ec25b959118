// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/evidence/merkle_tree.h"
#include "shared/sql/database.h"
#include "sync-server/event_log/event_log.h"

namespace doorstep::event_log {

// The log's tables. LogWriter keeps its statements on the writer's connection; the read functions
// work on any connection. Thread: the connection's.

class LogWriter {
 public:
  static Result<LogWriter> prepare(sql::Database& writer);

  Status insertEntry(const StoredEntry& entry, std::optional<std::uint64_t> previousPosition);
  Status insertTileRoot(ProviderId provider, const evidence::Subtree& tile, const Hash& hash);
  Status writeHead(ProviderId provider, DeviceId device, const DeviceHead& head);
  Status writeLog(ProviderId provider, const LogHead& head);
  Status insertOutside(const OutsideEntry& entry);
  // Deletes the row outside the log of an entry that is now in the log. Returns its reason, if
  // there was a row.
  Result<std::optional<std::string>> deleteOutside(ProviderId provider, DeviceId device,
                                                   const Hash& entryHash);
  Status insertLate(const StoredEntry& entry);
  // Replaces all open numbers of the device.
  Status writeOpen(ProviderId provider, DeviceId device, const OpenNs& open);
  // Makes an uncounted entry count.
  Status count(ProviderId provider, std::uint64_t position);
  // Dropped beyond kAlarmsPerDeviceMax.
  Status insertAlarm(const Alarm& alarm);

 private:
  LogWriter() = default;
  std::optional<sql::Statement> entry_, tileRoot_, head_, log_, outside_, deleteOutside_, alarm_,
      late_, deleteOpen_, open_, count_;
};

struct ChainLink {
  std::uint64_t n = 0;
  Hash entryHash;
  std::optional<std::uint64_t> previousPosition;  // of the device's previous entry
  std::string quarantineReason;
};

Result<std::vector<std::pair<ProviderId, LogHead>>> readLogs(sql::Database& database);
Result<std::optional<DeviceHead>> readHead(sql::Database& database, ProviderId provider,
                                           DeviceId device);
Result<std::optional<ChainLink>> readLink(sql::Database& database, ProviderId provider,
                                          std::uint64_t position);
// Leaf hashes of positions [from, to). Error DATA_LOSS (ENTRY_MISSING) when one is missing.
Result<std::vector<Hash>> readLeaves(sql::Database& database, ProviderId provider,
                                     std::uint64_t from, std::uint64_t to);
// Roots of complete subtrees on a level that is a multiple of 8. Error DATA_LOSS (TILE_MISSING).
Result<std::vector<Hash>> readTileRoots(sql::Database& database, ProviderId provider, int level,
                                        std::uint64_t from, std::uint64_t to);
Result<std::vector<StoredEntry>> readEntries(sql::Database& database, ProviderId provider,
                                             std::uint64_t from, std::size_t limit);
// Entries with a quarantine_reason, newest first, below position `below`.
Result<std::vector<StoredEntry>> readQuarantined(sql::Database& database, ProviderId provider,
                                                 std::uint64_t below, std::size_t limit);
Result<std::vector<OutsideEntry>> readOutside(sql::Database& database, ProviderId provider,
                                              std::uint64_t before, std::size_t limit);
// Newest first, with an id below `before` (0: all).
Result<std::vector<Alarm>> readAlarms(sql::Database& database, ProviderId provider,
                                      std::uint64_t before, std::size_t limit);
// Numbers of a provider's uncounted entries by reason, in the log and outside it.
Result<std::map<std::string, std::uint64_t>> countQuarantined(sql::Database& database,
                                                              ProviderId provider);
Result<std::optional<std::string>> readOutsideReason(sql::Database& database, ProviderId provider,
                                                     DeviceId device, const Hash& entryHash);
Result<OpenNs> readOpenNs(sql::Database& database, ProviderId provider, DeviceId device);
// Position of the device's entry n that arrived after later ones.
Result<std::optional<std::uint64_t>> readLatePosition(sql::Database& database, ProviderId provider,
                                                      DeviceId device, std::uint64_t n);

}  // namespace doorstep::event_log
