// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/log_audit.h"

#include <fmt/format.h>

#include "shared/crypto/sha256.h"
#include "shared/evidence/checkpoint.h"
#include "shared/evidence/entry_chain.h"
#include "shared/wire/entry_codec.h"
#include "sync-server/event_log/limits.h"
#include "sync-server/event_log/log_tables.h"

namespace doorstep::event_log {
namespace {

constexpr std::size_t kFindingsListed = 100;
// Phones are rarely further behind; older claims are not checked.
constexpr std::size_t kRootsRemembered = 65'536;
constexpr std::size_t kRootPrefixBytes = 16;
constexpr const char* kChainBroken = "CHAIN_BROKEN";

}  // namespace

struct LogAudit::AuditedLog {
  AuditReport report;
  LogTree tree{0, {}};
  std::map<DeviceId, Chain> chains;
  std::deque<Hash> roots;  // for sizes up to tree.size(), newest last

  void addFinding(std::string text) {
    ++report.findings;
    if (report.texts.size() < kFindingsListed)
      report.texts.push_back(std::move(text));
  }
  void addFindingAt(const StoredEntry& entry, std::string_view what) {
    addFinding(fmt::format("position {}: {}", entry.position, what));
  }
};

Result<std::vector<AuditReport>> LogAudit::run(const Progress& progress) {
  DOORSTEP_ASSIGN(const auto logs, readLogs(database_));
  std::vector<AuditReport> reports;
  for (const auto& [provider, head] : logs) {
    DOORSTEP_ASSIGN(auto report, auditLog(provider, head, progress));
    reports.push_back(std::move(report));
  }
  return reports;
}

Result<AuditReport> LogAudit::auditLog(ProviderId provider, const LogHead& head,
                                       const Progress& progress) {
  AuditedLog log;
  log.report.provider = provider;
  log.roots.push_back(log.tree.root());
  std::uint64_t from = 0;
  while (from < head.size) {
    DOORSTEP_ASSIGN(const auto entries, readEntries(database_, provider, from, kEntriesPerReadMax));
    for (const auto& entry : entries) {
      if (entry.position >= head.size)
        break;
      if (entry.position != from) {
        log.addFinding(fmt::format("position {}: missing", from));
        from = entry.position;
      }
      DOORSTEP_TRY(checkEntry(log, entry));
      ++from;
    }
    progress(from, head.size);
    if (entries.empty()) {
      log.addFinding(fmt::format("position {}: missing, and all after it", from));
      break;
    }
  }
  checkCheckpoint(log, head);
  DOORSTEP_TRY(checkHeads(log));
  return std::move(log.report);
}

Status LogAudit::checkEntry(AuditedLog& log, const StoredEntry& entry) {
  ++log.report.entries;
  // The tree commits to the stored hash even where bytes were erased or damaged.
  DOORSTEP_TRY(appendLeaf(log, entry));
  auto [chain, isNew] = log.chains.try_emplace(entry.device);
  if (isNew) {
    DOORSTEP_ASSIGN(chain->second.key, keys_(entry.device));
    if (!chain->second.key)
      log.addFindingAt(entry, "its device is unknown");
  }
  if (entry.entry.empty())
    return kDone;
  const auto opened = wire::openEntry(entry.entry);
  if (!opened.ok()) {
    log.addFindingAt(entry, "the bytes are no entry");
    return kDone;
  }
  const std::string message = opened->evidence.signedMessage(entry.device);
  if (crypto::sha256(message) != entry.entryHash) {
    log.addFindingAt(entry, "the entry's bytes do not have its hash");
    return kDone;
  }
  if (evidence::arrivalHash(opened->evidence.arrivalSalt, entry.arrival()) != entry.arrivalHash)
    log.addFindingAt(entry, "it did not arrive when the row says");
  if (chain->second.key) {
    ++log.report.signatures;
    if (!chain->second.key->verify(message, opened->evidence.signature))
      log.addFindingAt(entry, "the device did not sign it");
    else
      seen_(entry, *opened);
  }
  const visits::Entry& decoded = opened->decoded.entry;
  DOORSTEP_TRY(checkNotBefore(log, entry, decoded));
  checkSeenCheckpoint(log, entry, decoded);
  return checkChain(log, entry, decoded);
}

Status LogAudit::checkChain(AuditedLog& log, const StoredEntry& entry,
                            const visits::Entry& decoded) {
  auto& chain = log.chains.at(entry.device);
  DOORSTEP_ASSIGN(const auto link, readLink(database_, entry.provider, entry.position));
  DOORSTEP_ASSIGN(const auto late,
                  readLatePosition(database_, entry.provider, entry.device, entry.n));
  if (decoded.n != entry.n)
    log.addFindingAt(entry, "its number is not the stored one");
  if (late == entry.position) {
    if (link && link->previousPosition)
      log.addFindingAt(entry, "it came late and has a link to the entry before");
    return kDone;
  }
  if (link && link->previousPosition != chain.position)
    log.addFindingAt(entry, "the link to the entry before is wrong");
  if (decoded.n <= chain.n)
    log.addFindingAt(entry, "its number does not grow");
  if (decoded.n == chain.n + 1 && decoded.previousHash != chain.entryHash &&
      entry.quarantineReason != kChainBroken)
    log.addFindingAt(entry, "it does not follow the entry before");
  DOORSTEP_TRY(checkNumbersBetween(log, entry, chain.n, decoded.n));
  chain.n = decoded.n;
  chain.entryHash = entry.entryHash;
  chain.position = entry.position;
  return kDone;
}

// Each number missing in sequence must be open, or its entry must have arrived later.
Status LogAudit::checkNumbersBetween(AuditedLog& log, const StoredEntry& entry,
                                     std::uint64_t before, std::uint64_t n) {
  if (n <= before + 1)
    return kDone;
  DOORSTEP_ASSIGN(const OpenNs open, readOpenNs(database_, entry.provider, entry.device));
  for (std::uint64_t between = before + 1; between < n; ++between) {
    if (open.contains(between))
      continue;
    DOORSTEP_ASSIGN(const auto late,
                    readLatePosition(database_, entry.provider, entry.device, between));
    if (late)
      continue;
    log.addFindingAt(
        entry, fmt::format("number {} of the device is neither in the log nor open", between));
    return kDone;
  }
  return kDone;
}

// The lower bound of an entry's time must follow from the log.
Status LogAudit::checkNotBefore(AuditedLog& log, const StoredEntry& entry,
                                const visits::Entry& decoded) {
  if (entry.anchor.notBeforeUnixMs == 0)
    return kDone;
  std::vector<StoredEntry> newest;
  if (decoded.checkpointSize > 0 && decoded.checkpointSize <= entry.position) {
    DOORSTEP_ASSIGN(newest, readEntries(database_, entry.provider, decoded.checkpointSize - 1, 1));
  }
  if (newest.empty() || newest.front().receivedUnixMs != entry.anchor.notBeforeUnixMs)
    log.addFindingAt(entry, "it is held to be younger than what it knows of");
  return kDone;
}

void LogAudit::checkSeenCheckpoint(AuditedLog& log, const StoredEntry& entry,
                                   const visits::Entry& decoded) {
  if (decoded.checkpointSize == 0)
    return;
  // A phone may have verified a longer log: a restored backup lost it, and an alarm reports it.
  const std::uint64_t size = log.tree.size();
  if (decoded.checkpointSize >= size || size - decoded.checkpointSize >= log.roots.size())
    return;
  const Hash& root =
      log.roots[log.roots.size() - 1 - static_cast<std::size_t>(size - decoded.checkpointSize)];
  if (root.view().substr(0, kRootPrefixBytes) != decoded.checkpointRootPrefix)
    log.addFindingAt(entry, "its phone had verified another history of this log");
}

Status LogAudit::appendLeaf(AuditedLog& log, const StoredEntry& entry) {
  std::vector<std::pair<evidence::Subtree, Hash>> tiles;
  log.tree.append(evidence::leafHash(evidence::leafData(entry.entryHash, entry.arrivalHash)),
                  [&](const evidence::Subtree& subtree, const Hash& hash) {
                    if (subtree.level % 8 == 0)
                      tiles.emplace_back(subtree, hash);
                  });
  for (const auto& [tile, hash] : tiles) {
    const auto stored =
        readTileRoots(database_, log.report.provider, tile.level, tile.index, tile.index + 1);
    if (!stored.ok() || stored->front() != hash)
      log.addFinding(
          fmt::format("tile {} of level {}: its root is missing or wrong", tile.index, tile.level));
  }
  log.tree.forgetBefore(0);
  log.roots.push_back(log.tree.root());
  if (log.roots.size() > kRootsRemembered)
    log.roots.pop_front();
  return kDone;
}

void LogAudit::checkCheckpoint(AuditedLog& log, const LogHead& head) {
  const auto verifier = signers_.signer(log.report.provider).verifier();
  const auto text = evidence::openNote(head.checkpointNote, verifier);
  if (!text.ok())
    return log.addFinding("checkpoint: it is not signed by this server's key");
  const auto checkpoint = evidence::parseCheckpoint(*text);
  if (!checkpoint.ok() || checkpoint->origin != verifier.name())
    return log.addFinding("checkpoint: it is of another log");
  if (checkpoint->size != log.tree.size() || checkpoint->root != log.tree.root() ||
      head.root != log.tree.root())
    log.addFinding("checkpoint: the entries do not have the root that was signed");
}

Status LogAudit::checkHeads(AuditedLog& log) {
  for (const auto& [device, chain] : log.chains) {
    DOORSTEP_ASSIGN(const auto head, readHead(database_, log.report.provider, device));
    // A running server may be ahead of the audit, never behind.
    const bool behind = !head || head->n < chain.n ||
                        (chain.position && head->position.value_or(0) < *chain.position);
    const bool differs =
        head && !head->passedOver && head->n == chain.n && head->entryHash != chain.entryHash;
    if (behind || differs)
      log.addFinding(fmt::format("device {}: its head is not its newest entry", device.value));
  }
  return kDone;
}

}  // namespace doorstep::event_log
