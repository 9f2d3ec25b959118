// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/log_identity.h"

#include <optional>
#include <string_view>
#include <utility>

#include "shared/evidence/checkpoint.h"
#include "sync-server/event_log/log_signers.h"
#include "sync-server/event_log/log_tables.h"

namespace doorstep::event_log {
namespace {

Error foreignKey() {
  return {ErrorCode::FailedPrecondition, "LOG_KEY_FOREIGN",
          "keys/log.key is not the key that signed this database's logs: put back the keys and the "
          "database of one backup"};
}

Error damaged() {
  return {ErrorCode::DataLoss, "LOG_IDENTITY_DAMAGED",
          "the database does not say whose logs it holds: restore it from a backup"};
}

// For a database of an earlier release: the first log contains both.
Result<std::string> hostOfLogs(sql::Database& database, const std::string& host,
                               const crypto::Ed25519PublicKey& key) {
  DOORSTEP_ASSIGN(const auto logs, readLogs(database));
  for (const auto& [provider, head] : logs) {
    if (!evidence::isNoteName(head.origin))
      return damaged();
    if (!evidence::openNote(head.checkpointNote, evidence::NoteVerifier(head.origin, key)).ok())
      return foreignKey();
    const std::string ending = logOrigin("", provider);
    if (head.origin.ends_with(ending))
      return head.origin.substr(0, head.origin.size() - ending.size());
  }
  return host;
}

// Nothing: the database names no host yet.
Result<std::optional<std::string>> boundHost(sql::Database& database,
                                             const crypto::Ed25519PublicKey& key) {
  DOORSTEP_ASSIGN(auto row, database.prepare("SELECT host, log_key FROM log_identity"));
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return std::optional<std::string>();
  if (row.columnBlob(1) != key.raw())
    return foreignKey();
  std::string bound = row.columnText(0);
  if (!evidence::isNoteName(bound))
    return damaged();
  return std::optional(std::move(bound));
}

}  // namespace

Result<std::string> bindLogIdentity(sql::Database& writer, const std::string& host,
                                    const crypto::Ed25519PublicKey& key) {
  DOORSTEP_ASSIGN(auto known, boundHost(writer, key));
  if (known)
    return *std::move(known);
  DOORSTEP_ASSIGN(const std::string bound, hostOfLogs(writer, host, key));
  DOORSTEP_ASSIGN(auto write,
                  writer.prepare("INSERT INTO log_identity (id, host, log_key) VALUES (1, ?, ?) "
                                 "ON CONFLICT DO NOTHING"));
  const std::string raw = key.raw();
  DOORSTEP_TRY(write.bindText(0, bound).bindBlob(1, raw).run());
  return bound;
}

Result<std::string> readLogIdentity(sql::Database& database, const std::string& host,
                                    const crypto::Ed25519PublicKey& key) {
  DOORSTEP_ASSIGN(auto known, boundHost(database, key));
  if (known)
    return *std::move(known);
  return hostOfLogs(database, host, key);
}

Result<bool> hasLogTables(sql::Database& database) { return database.hasTable("log"); }

}  // namespace doorstep::event_log
