// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <list>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "shared/core/mutex.h"
#include "sync-server/event_log/decision_places.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/event_log/limits.h"
#include "sync-server/event_log/log_signers.h"
#include "sync-server/event_log/log_tables.h"
#include "sync-server/event_log/log_tree.h"
#include "sync-server/storage/storage.h"

namespace doorstep::event_log {

// The event log in the server's database. The state that commits need, heads of devices and the
// right edge of each tree, is in memory: loaded at start and updated only after a commit is
// durable. No other process may write the log's tables (config::ServerDirectory::lock). Thread: as
// EventLog.
class SqlEventLog final : public EventLog {
 public:
  static Result<std::unique_ptr<SqlEventLog>> open(storage::Storage& storage,
                                                   const LogSigners& signers);

  Result<LogHead> head(ProviderId provider) override;
  Result<DeviceHead> deviceHead(ProviderId provider, DeviceId device) override;
  Result<Held> held(ProviderId provider, DeviceId device, std::uint64_t n,
                    const Hash& entryHash) override;
  Result<OpenNs> openNs(ProviderId provider, DeviceId device) override;
  Status commit(Commit& commit, const std::function<Status()>& alongside) override;
  Status commitAfter(Commit& commit, const std::function<Status()>& first) override;
  Result<LogHead> publishedHead(ProviderId provider) override;
  Result<std::vector<Hash>> subtreeHashes(ProviderId provider, const evidence::Subtree& first,
                                          std::size_t count) override;
  Result<std::vector<StoredEntry>> entries(ProviderId provider, std::uint64_t from,
                                           std::size_t limit) override;
  Result<std::vector<OutsideEntry>> outsideEntries(ProviderId provider, std::uint64_t before,
                                                   std::size_t limit) override;
  Result<std::vector<StoredEntry>> quarantinedEntries(ProviderId provider, std::uint64_t below,
                                                      std::size_t limit) override;
  Result<std::vector<Alarm>> alarms(ProviderId provider, std::uint64_t before,
                                    std::size_t limit) override;

 private:
  struct Log {
    evidence::NoteSigner signer;
    LogHead head;  // durable
    LogTree tree;  // durable up to head.size, staged beyond
    // False: created by the current commit and not published.
    bool durable = true;
  };
  struct Recent {
    std::uint64_t n = 0;
    Hash entryHash;
    std::uint64_t position = 0;
    std::string quarantineReason;
  };
  using DeviceKey = std::pair<ProviderId, DeviceId>;
  struct Device {
    DeviceHead head;
    std::deque<Recent> recent;  // newest last, at most kRecentEntriesPerDevice
    std::list<DeviceKey>::iterator use;
  };
  struct DeviceKeyHash {
    std::size_t operator()(const DeviceKey& key) const noexcept {
      return std::hash<ProviderId>()(key.first) * 31 + std::hash<DeviceId>()(key.second);
    }
  };
  using SubtreeKey = std::pair<ProviderId, std::pair<int, std::uint64_t>>;

  SqlEventLog(storage::Storage& storage, const LogSigners& signers, LogWriter tables,
              DecisionPlaceWriter decisions)
      : storage_(storage),
        signers_(signers),
        tables_(std::move(tables)),
        decisions_(std::move(decisions)) {}
  // Reads the state from the database.
  Status load();
  // Reloads when the outcome of the last commit is unknown.
  Status know();
  // Returns the argument; an unknown outcome (the reply was lost) marks the state in memory
  // unknown.
  Status noteEnd(Status committed);
  Status createLog(ProviderId provider);
  // Creates a missing log in memory; the current commit writes it.
  void stageLog(ProviderId provider);
  // Stages, signs and commits; the functions run in the transaction, before and after the staging.
  Status commitAll(Commit& commit, const std::function<Status()>& first,
                   const std::function<Status()>& alongside);
  void forgetDevices();
  // A log that the writer reads without the lock: only the writer changes it, and its address is
  // stable.
  const Log& writersLog(ProviderId provider);
  LogHead sign(const Log& log) const;
  Result<Device*> device(ProviderId provider, DeviceId device);
  Result<std::optional<HeldEntry>> findOlder(ProviderId provider, DeviceId device,
                                             const Device& state, std::uint64_t n);
  Result<std::optional<HeldEntry>> findLate(ProviderId provider, DeviceId device, std::uint64_t n);
  Status stage(Commit& commit);
  Status stageEntries(Commit& commit);
  Status dropOutside(ProviderId provider, DeviceId device, const Hash& entryHash);
  Status appendLeaf(const StoredEntry& entry);
  Status stageHeads(Commit& commit);
  Status signTouched(const Commit& commit, std::map<ProviderId, LogHead>& heads);
  void publish(const Commit& commit, std::map<ProviderId, LogHead>& heads);
  void takeBack();
  // nullopt: must be read from the database. Error SUBTREE_UNKNOWN.
  Result<std::optional<Hash>> rememberedSubtrees(ProviderId provider,
                                                 const evidence::Subtree& first, std::size_t count);
  Result<std::vector<Hash>> readSubtrees(sql::Database& database, ProviderId provider,
                                         const evidence::Subtree& first, std::size_t count);
  void remember(const SubtreeKey& key, const Hash& hash);

  storage::Storage& storage_;
  const LogSigners& signers_;

  // Used by the writer only.
  LogWriter tables_;
  DecisionPlaceWriter decisions_;
  std::unordered_map<DeviceKey, Device, DeviceKeyHash> devices_;  // never iterated
  std::list<DeviceKey> deviceUses_;                               // least recently used first
  std::map<DeviceKey, DeviceHead> stagedHeads_;                   // of the current commit
  bool known_ = true;  // false: the database may be a commit ahead of memory

  Mutex mutex_;
  std::map<ProviderId, Log> logs_ DOORSTEP_GUARDED_BY(mutex_);  // changed by the writer only
  std::map<SubtreeKey, Hash> subtreeCache_ DOORSTEP_GUARDED_BY(mutex_);
  std::deque<SubtreeKey> subtreeCacheOrder_ DOORSTEP_GUARDED_BY(mutex_);
};

}  // namespace doorstep::event_log
