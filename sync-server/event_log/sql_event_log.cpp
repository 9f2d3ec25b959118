// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/sql_event_log.h"

#include "shared/core/guarded.h"
#include "shared/evidence/checkpoint.h"
#include "shared/evidence/entry_chain.h"

namespace doorstep::event_log {
namespace {

// Roots of these levels are stored as rows; levels between are computed from them.
bool isTileLevel(int level) { return level > 0 && level % 8 == 0; }

Hash foldComplete(std::vector<Hash> hashes) {
  while (hashes.size() > 1) {
    for (std::size_t i = 0; i < hashes.size() / 2; ++i)
      hashes[i] = evidence::nodeHash(hashes[2 * i], hashes[2 * i + 1]);
    hashes.resize(hashes.size() / 2);
  }
  return hashes.front();
}

}  // namespace

Result<std::unique_ptr<SqlEventLog>> SqlEventLog::open(storage::Storage& storage,
                                                       const LogSigners& signers) {
  DOORSTEP_ASSIGN(auto tables, LogWriter::prepare(storage.writer()));
  DOORSTEP_ASSIGN(auto decisions, DecisionPlaceWriter::prepare(storage.writer()));
  std::unique_ptr<SqlEventLog> log(
      new SqlEventLog(storage, signers, std::move(tables), std::move(decisions)));
  DOORSTEP_TRY(log->load());
  return log;
}

Status SqlEventLog::load() {
  devices_.clear();
  deviceUses_.clear();
  auto lease = storage_.read();
  DOORSTEP_ASSIGN(auto stored, readLogs(*lease));
  for (auto& [provider, head] : stored) {
    std::vector<Hash> edge;
    for (const auto& subtree : evidence::coveringSubtrees(0, head.size)) {
      DOORSTEP_ASSIGN(const auto hashes, readSubtrees(*lease, provider, subtree, 1));
      edge.push_back(hashes.front());
    }
    Log log{.signer = signers_.signer(provider), .head = std::move(head), .tree = LogTree(0, {})};
    log.tree = LogTree(log.head.size, edge);
    if (log.tree.root() != log.head.root)
      return Error{ErrorCode::DataLoss, "LOG_DAMAGED",
                   "entries do not have the root that was signed"};
    // Signing the same text gives the same signature (Ed25519), so nothing new leaves the process.
    log.head = sign(log);
    const MutexLock lock(mutex_);
    logs_.insert_or_assign(provider, std::move(log));
  }
  known_ = true;
  return kDone;
}

Status SqlEventLog::know() { return known_ ? kDone : load(); }

Status SqlEventLog::noteEnd(Status committed) {
  known_ = committed.ok() || committed.error().code != ErrorCode::Unavailable;
  return committed;
}

const SqlEventLog::Log& SqlEventLog::writersLog(ProviderId provider) {
  const MutexLock lock(mutex_);
  return logs_.at(provider);
}

LogHead SqlEventLog::sign(const Log& log) const {
  LogHead head{
      .origin = log.signer.verifier().name(), .size = log.tree.size(), .root = log.tree.root()};
  const std::string text = evidence::checkpointText({head.origin, head.size, head.root});
  head.checkpointSignature = log.signer.sign(text);
  head.checkpointNote = evidence::writeNote(text, log.signer.verifier(), head.checkpointSignature);
  return head;
}

Result<LogHead> SqlEventLog::head(ProviderId provider) {
  DOORSTEP_TRY(know());
  {
    const MutexLock lock(mutex_);
    if (const auto found = logs_.find(provider); found != logs_.end())
      return found->second.head;
  }
  DOORSTEP_TRY(createLog(provider));
  return writersLog(provider).head;
}

void SqlEventLog::stageLog(ProviderId provider) {
  {
    const MutexLock lock(mutex_);
    if (logs_.contains(provider))
      return;
  }
  Log log{
      .signer = signers_.signer(provider), .head = {}, .tree = LogTree(0, {}), .durable = false};
  log.head = sign(log);
  const MutexLock lock(mutex_);
  logs_.emplace(provider, std::move(log));
}

Status SqlEventLog::createLog(ProviderId provider) {
  Log log{.signer = signers_.signer(provider), .head = {}, .tree = LogTree(0, {})};
  log.head = sign(log);
  DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(storage_.writer()));
  DOORSTEP_TRY(tables_.writeLog(provider, log.head));
  DOORSTEP_TRY(noteEnd(transaction.commit()));
  const MutexLock lock(mutex_);
  logs_.emplace(provider, std::move(log));
  return kDone;
}

Result<SqlEventLog::Device*> SqlEventLog::device(ProviderId provider, DeviceId device) {
  DOORSTEP_TRY(know());
  const DeviceKey key{provider, device};
  if (const auto found = devices_.find(key); found != devices_.end()) {
    deviceUses_.splice(deviceUses_.end(), deviceUses_, found->second.use);
    return &found->second;
  }
  DOORSTEP_ASSIGN(auto stored, readHead(storage_.writer(), provider, device));
  Device state{.head = stored.value_or(DeviceHead{}), .recent = {}, .use = {}};
  state.use = deviceUses_.insert(deviceUses_.end(), key);
  return &devices_.emplace(key, std::move(state)).first->second;
}

// After a commit, when no reference to a device is held.
void SqlEventLog::forgetDevices() {
  while (devices_.size() > kDevicesRememberedMax) {
    devices_.erase(deviceUses_.front());
    deviceUses_.pop_front();
  }
}

Result<DeviceHead> SqlEventLog::deviceHead(ProviderId provider, DeviceId device) {
  DOORSTEP_ASSIGN(Device * state, this->device(provider, device));
  return state->head;
}

Result<Held> SqlEventLog::held(ProviderId provider, DeviceId device, std::uint64_t n,
                               const Hash& entryHash) {
  DOORSTEP_ASSIGN(Device * state, this->device(provider, device));
  Held held;
  if (n >= 1 && n <= state->head.n) {
    DOORSTEP_ASSIGN(held.entry, findOlder(provider, device, *state, n));
  }
  if (state->head.quarantined > 0) {
    DOORSTEP_ASSIGN(held.outsideReason,
                    readOutsideReason(storage_.writer(), provider, device, entryHash));
  }
  return held;
}

// Searches the ring of recent entries, then the device's chain in the log.
Result<std::optional<HeldEntry>> SqlEventLog::findOlder(ProviderId provider, DeviceId device,
                                                        const Device& state, std::uint64_t n) {
  std::optional<std::uint64_t> next = state.head.position;
  for (auto recent = state.recent.rbegin(); recent != state.recent.rend() && recent->n >= n;
       ++recent) {
    if (recent->n == n)
      return std::optional(
          HeldEntry{recent->entryHash, recent->position, recent->quarantineReason});
    next = recent->position;
  }
  while (next) {
    DOORSTEP_ASSIGN(const auto link, readLink(storage_.writer(), provider, *next));
    if (!link)
      return Error{ErrorCode::DataLoss, "ENTRY_MISSING", "a device's chain leads to no entry"};
    if (link->n == n)
      return std::optional(HeldEntry{link->entryHash, *next, link->quarantineReason});
    if (link->n < n)
      break;
    next = link->previousPosition;
  }
  return findLate(provider, device, n);
}

// nullopt: n is open.
Result<std::optional<HeldEntry>> SqlEventLog::findLate(ProviderId provider, DeviceId device,
                                                       std::uint64_t n) {
  DOORSTEP_ASSIGN(const auto position, readLatePosition(storage_.writer(), provider, device, n));
  if (!position)
    return std::optional<HeldEntry>();
  DOORSTEP_ASSIGN(const auto link, readLink(storage_.writer(), provider, *position));
  if (!link)
    return Error{ErrorCode::DataLoss, "ENTRY_MISSING", "a late entry is not in the log"};
  return std::optional(HeldEntry{link->entryHash, *position, link->quarantineReason});
}

Result<OpenNs> SqlEventLog::openNs(ProviderId provider, DeviceId device) {
  DOORSTEP_ASSIGN(Device * state, this->device(provider, device));
  if (state->head.open == 0)
    return OpenNs();
  return readOpenNs(storage_.writer(), provider, device);
}

Status SqlEventLog::commit(Commit& commit, const std::function<Status()>& alongside) {
  // Logs are created in separate transactions: an empty log is harmless, and the commit's rollback
  // stays simple.
  DOORSTEP_TRY(know());
  for (const auto& entry : commit.entries)
    DOORSTEP_TRY(head(entry.provider));
  return commitAll(
      commit, []() -> Status { return kDone; }, alongside);
}

Status SqlEventLog::commitAfter(Commit& commit, const std::function<Status()>& first) {
  DOORSTEP_TRY(know());
  return commitAll(commit, first, []() -> Status { return kDone; });
}

Status SqlEventLog::commitAll(Commit& commit, const std::function<Status()>& first,
                              const std::function<Status()>& alongside) {
  std::map<ProviderId, LogHead> heads;
  const auto attempt = [&]() -> Status {
    DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(storage_.writer()));
    DOORSTEP_TRY(first());
    for (const auto& entry : commit.entries)
      stageLog(entry.provider);
    DOORSTEP_TRY(stage(commit));
    DOORSTEP_TRY(alongside());
    DOORSTEP_TRY(signTouched(commit, heads));
    return noteEnd(transaction.commit());
  };
  Status done = guarded(attempt);
  if (done.ok())
    publish(commit, heads);
  else
    takeBack();
  stagedHeads_.clear();
  forgetDevices();
  return done;
}

Status SqlEventLog::stage(Commit& commit) {
  for (const auto& changed : commit.heads) {
    DOORSTEP_ASSIGN(const Device* state, device(changed.provider, changed.device));
    stagedHeads_.emplace(DeviceKey{changed.provider, changed.device}, state->head);
  }
  // Before the entries: an entry outside the log for its order may become next in the same commit,
  // and is then removed here.
  for (auto& outside : commit.outside) {
    auto& head = stagedHeads_.at({outside.provider, outside.device});
    // The same bytes may be stored as GAP, and now have a worse reason.
    DOORSTEP_TRY(dropOutside(outside.provider, outside.device, outside.entryHash));
    DOORSTEP_TRY(tables_.insertOutside(outside));
    ++head.quarantined;
    head.notSigned += isNotSigned(outside.reason) ? 1 : 0;
  }
  DOORSTEP_TRY(stageEntries(commit));
  for (const auto& decided : commit.decided) {
    const StoredEntry& entry = commit.entries.at(decided.entry);
    DOORSTEP_TRY(decisions_.add(entry.provider, decided.decision, entry.position));
  }
  for (const auto& counted : commit.counted)
    DOORSTEP_TRY(tables_.count(counted.provider, counted.position));
  DOORSTEP_TRY(stageHeads(commit));
  for (const auto& alarm : commit.alarms)
    DOORSTEP_TRY(tables_.insertAlarm(alarm));
  return kDone;
}

Status SqlEventLog::stageEntries(Commit& commit) {
  for (auto& entry : commit.entries) {
    auto& head = stagedHeads_.at({entry.provider, entry.device});
    entry.position = writersLog(entry.provider).tree.size();
    if (entry.late) {
      DOORSTEP_TRY(tables_.insertEntry(entry, std::nullopt));
      DOORSTEP_TRY(tables_.insertLate(entry));
    } else {
      DOORSTEP_TRY(tables_.insertEntry(entry, head.position));
      head.position = entry.position;
    }
    if (head.quarantined > 0)
      DOORSTEP_TRY(dropOutside(entry.provider, entry.device, entry.entryHash));
    DOORSTEP_TRY(appendLeaf(entry));
  }
  return kDone;
}

Status SqlEventLog::dropOutside(ProviderId provider, DeviceId device, const Hash& entryHash) {
  DOORSTEP_ASSIGN(const auto reason, tables_.deleteOutside(provider, device, entryHash));
  if (!reason)
    return kDone;
  auto& head = stagedHeads_.at({provider, device});
  --head.quarantined;
  head.notSigned -= isNotSigned(*reason) ? 1 : 0;
  return kDone;
}

Status SqlEventLog::appendLeaf(const StoredEntry& entry) {
  const Hash leaf = evidence::leafHash(evidence::leafData(entry.entryHash, entry.arrivalHash));
  std::vector<std::pair<evidence::Subtree, Hash>> tiles;
  {
    const MutexLock lock(mutex_);
    LogTree& tree = logs_.at(entry.provider).tree;
    tree.append(leaf, [&](const evidence::Subtree& subtree, const Hash& hash) {
      if (isTileLevel(subtree.level))
        tiles.emplace_back(subtree, hash);
    });
  }
  for (const auto& [tile, hash] : tiles)
    DOORSTEP_TRY(tables_.insertTileRoot(entry.provider, tile, hash));
  return kDone;
}

Status SqlEventLog::stageHeads(Commit& commit) {
  for (const auto& changed : commit.open)
    DOORSTEP_TRY(tables_.writeOpen(changed.provider, changed.device, changed.open));
  for (auto& changed : commit.heads) {
    const auto& staged = stagedHeads_.at({changed.provider, changed.device});
    changed.head.position = staged.position;
    changed.head.quarantined = staged.quarantined;
    changed.head.notSigned = staged.notSigned;
    DOORSTEP_TRY(tables_.writeHead(changed.provider, changed.device, changed.head));
  }
  return kDone;
}

Status SqlEventLog::signTouched(const Commit& commit, std::map<ProviderId, LogHead>& heads) {
  for (const auto& entry : commit.entries) {
    if (heads.contains(entry.provider))
      continue;
    const LogHead head = sign(writersLog(entry.provider));
    DOORSTEP_TRY(tables_.writeLog(entry.provider, head));
    heads.emplace(entry.provider, head);
  }
  return kDone;
}

void SqlEventLog::publish(const Commit& commit, std::map<ProviderId, LogHead>& heads) {
  for (const auto& changed : commit.heads)
    devices_.at({changed.provider, changed.device}).head = changed.head;
  for (const auto& entry : commit.entries) {
    if (entry.late)
      continue;  // the ring is ordered by n
    auto& recent = devices_.at({entry.provider, entry.device}).recent;
    recent.push_back({entry.n, entry.entryHash, entry.position, entry.quarantineReason});
    if (recent.size() > kRecentEntriesPerDevice)
      recent.pop_front();
  }
  for (const auto& counted : commit.counted) {
    const auto known = devices_.find({counted.provider, counted.device});
    if (known == devices_.end())
      continue;
    for (Recent& recent : known->second.recent) {
      if (recent.position == counted.position)
        recent.quarantineReason.clear();
    }
  }
  const MutexLock lock(mutex_);
  for (auto& [provider, head] : heads) {
    auto& log = logs_.at(provider);
    log.head = std::move(head);
    log.durable = true;
    log.tree.forgetBefore(kRecentLeavesPerLog);
  }
}

void SqlEventLog::takeBack() {
  const MutexLock lock(mutex_);
  std::erase_if(logs_, [](const auto& each) { return !each.second.durable; });
  for (auto& [provider, log] : logs_)
    log.tree.takeBack(log.head.size);
}

Result<LogHead> SqlEventLog::publishedHead(ProviderId provider) {
  const MutexLock lock(mutex_);
  const auto found = logs_.find(provider);
  if (found == logs_.end() || !found->second.durable)
    return Error{ErrorCode::NotFound, "LOG_UNKNOWN", "no such provider's log"};
  return found->second.head;
}

Result<std::optional<Hash>> SqlEventLog::rememberedSubtrees(ProviderId provider,
                                                            const evidence::Subtree& first,
                                                            std::size_t count) {
  const MutexLock lock(mutex_);
  const auto found = logs_.find(provider);
  const bool known = found != logs_.end() && first.level >= 0 && first.level <= 62;
  const std::uint64_t complete = known ? found->second.head.size >> first.level : 0;
  if (count == 0 || count > kSubtreesPerReadMax || count > complete ||
      first.index > complete - count)
    return Error{ErrorCode::NotFound, "SUBTREE_UNKNOWN", "not complete in the published log"};
  if (count > 1)
    return std::optional<Hash>();
  if (const auto hash = found->second.tree.find(first))
    return std::optional<Hash>(*hash);
  const auto hash = subtreeCache_.find({provider, {first.level, first.index}});
  return hash == subtreeCache_.end() ? std::optional<Hash>() : std::optional<Hash>(hash->second);
}

Result<std::vector<Hash>> SqlEventLog::subtreeHashes(ProviderId provider,
                                                     const evidence::Subtree& first,
                                                     std::size_t count) {
  DOORSTEP_ASSIGN(const auto remembered, rememberedSubtrees(provider, first, count));
  if (remembered)
    return std::vector<Hash>{*remembered};
  auto lease = storage_.read();
  DOORSTEP_ASSIGN(auto hashes, readSubtrees(*lease, provider, first, count));
  if (count == 1)
    remember({provider, {first.level, first.index}}, hashes.front());
  return hashes;
}

// One read of the stored hashes below them, at most 128 per subtree.
Result<std::vector<Hash>> SqlEventLog::readSubtrees(sql::Database& database, ProviderId provider,
                                                    const evidence::Subtree& first,
                                                    std::size_t count) {
  const int base = first.level / 8 * 8;
  const std::size_t width = std::size_t{1} << (first.level - base);
  const std::uint64_t from = first.index * width;
  const std::uint64_t to = (first.index + count) * width;
  auto read = base == 0 ? readLeaves(database, provider, from, to)
                        : readTileRoots(database, provider, base, from, to);
  if (!read.ok() || width == 1)
    return read;
  std::vector<Hash> hashes;
  for (auto begin = read->cbegin(); begin != read->cend(); begin += static_cast<long>(width))
    hashes.push_back(foldComplete(std::vector<Hash>(begin, begin + static_cast<long>(width))));
  return hashes;
}

void SqlEventLog::remember(const SubtreeKey& key, const Hash& hash) {
  const MutexLock lock(mutex_);
  if (!subtreeCache_.emplace(key, hash).second)
    return;
  subtreeCacheOrder_.push_back(key);
  if (subtreeCacheOrder_.size() <= kSubtreeCacheSize)
    return;
  subtreeCache_.erase(subtreeCacheOrder_.front());
  subtreeCacheOrder_.pop_front();
}

Result<std::vector<StoredEntry>> SqlEventLog::entries(ProviderId provider, std::uint64_t from,
                                                      std::size_t limit) {
  auto lease = storage_.read();
  return readEntries(*lease, provider, from, limit);
}

Result<std::vector<OutsideEntry>> SqlEventLog::outsideEntries(ProviderId provider,
                                                              std::uint64_t before,
                                                              std::size_t limit) {
  auto lease = storage_.read();
  return readOutside(*lease, provider, before, limit);
}

Result<std::vector<StoredEntry>> SqlEventLog::quarantinedEntries(ProviderId provider,
                                                                 std::uint64_t below,
                                                                 std::size_t limit) {
  auto lease = storage_.read();
  return readQuarantined(*lease, provider, below, limit);
}

Result<std::vector<Alarm>> SqlEventLog::alarms(ProviderId provider, std::uint64_t before,
                                               std::size_t limit) {
  auto lease = storage_.read();
  return readAlarms(*lease, provider, before, limit);
}

}  // namespace doorstep::event_log
