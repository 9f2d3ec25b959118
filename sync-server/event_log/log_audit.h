// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/crypto/keys.h"
#include "shared/sql/database.h"
#include "shared/wire/entry_codec.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/event_log/log_signers.h"
#include "sync-server/event_log/log_tree.h"

namespace doorstep::event_log {

// Result of `doorstep-server verify` for one log.
struct AuditReport {
  ProviderId provider;
  std::uint64_t entries = 0;
  std::uint64_t signatures = 0;  // of devices, checked
  std::uint64_t findings = 0;
  std::vector<std::string> texts;  // the first kFindingsListed: position or device, and fault
};

// The key that signs a device's entries; nullopt for an unknown device.
using DeviceKeys = std::function<Result<std::optional<crypto::P256PublicKey>>(DeviceId)>;

// Recomputes everything that the log claims from the entries' bytes: hashes, chains and signatures
// of devices, tile roots, root, signed checkpoint, heads of devices, and each checkpoint that an
// entry says its phone had verified. Trusts no stored hash. Reads page by page, so it can run
// beside a server; it then covers the log as of the audit's start. Thread: the connection's.
class LogAudit {
 public:
  // Called in order for each entry with the right hash and a valid device signature.
  using Seen = std::function<void(const StoredEntry&, const wire::OpenedEntry&)>;
  LogAudit(
      sql::Database& database, const LogSigners& signers, DeviceKeys keys,
      Seen seen = [](const StoredEntry&, const wire::OpenedEntry&) {})
      : database_(database), signers_(signers), keys_(std::move(keys)), seen_(std::move(seen)) {}

  using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;
  // Audits every log. An error means that reading failed; faults of the content are in the reports.
  Result<std::vector<AuditReport>> run(const Progress& progress);

 private:
  struct Chain {
    std::uint64_t n = 0;
    std::optional<Hash> entryHash;  // of the newest entry so far; absent before the first
    std::optional<std::uint64_t> position;
    std::optional<crypto::P256PublicKey> key;
  };
  struct AuditedLog;  // one log, as far as it was read

  Result<AuditReport> auditLog(ProviderId provider, const LogHead& head, const Progress& progress);
  Status checkEntry(AuditedLog& log, const StoredEntry& entry);
  Status checkChain(AuditedLog& log, const StoredEntry& entry, const visits::Entry& decoded);
  Status checkNumbersBetween(AuditedLog& log, const StoredEntry& entry, std::uint64_t before,
                             std::uint64_t n);
  Status checkNotBefore(AuditedLog& log, const StoredEntry& entry, const visits::Entry& decoded);
  void checkSeenCheckpoint(AuditedLog& log, const StoredEntry& entry, const visits::Entry& decoded);
  Status appendLeaf(AuditedLog& log, const StoredEntry& entry);
  void checkCheckpoint(AuditedLog& log, const LogHead& head);
  Status checkHeads(AuditedLog& log);

  sql::Database& database_;
  const LogSigners& signers_;
  DeviceKeys keys_;
  Seen seen_;
};

}  // namespace doorstep::event_log
