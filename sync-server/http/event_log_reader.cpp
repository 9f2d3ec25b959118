// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/event_log_reader.h"

#include "shared/evidence/entry_chain.h"
#include "shared/evidence/merkle_tree.h"

namespace doorstep::http {
namespace {

// Each tile spans eight levels of the tree.
constexpr int kLevelsPerTile = 8;

}  // namespace

Result<LogReader::Head> EventLogReader::head(ProviderId provider) const {
  auto head = log_.publishedHead(provider);
  if (!head.ok()) {
    return Error{ErrorCode::NotFound, "LOG_UNKNOWN", "no such log"};
  }
  return Head{head->size, std::move(head->checkpointNote)};
}

Result<std::string> EventLogReader::tile(ProviderId provider,
                                         const evidence::TilePath& path) const {
  return path.entries ? entryBundle(provider, path) : hashTile(provider, path);
}

Result<std::string> EventLogReader::hashTile(ProviderId provider,
                                             const evidence::TilePath& path) const {
  const evidence::Subtree first{path.level * kLevelsPerTile, path.index * evidence::kTileWidth};
  DOORSTEP_ASSIGN(const auto hashes, log_.subtreeHashes(provider, first, path.width));
  std::string bytes;
  bytes.reserve(hashes.size() * sizeof(Hash));
  for (const Hash& hash : hashes)
    bytes += hash.view();
  return bytes;
}

Result<std::vector<event_log::StoredEntry>> EventLogReader::entriesOf(
    ProviderId provider, const evidence::TilePath& path) const {
  DOORSTEP_ASSIGN(auto entries,
                  log_.entries(provider, path.index * evidence::kTileWidth, path.width));
  if (entries.size() != path.width) {
    return Error{ErrorCode::Internal, "LOG_ENTRY_MISSING", "the log lacks entries below its size"};
  }
  return entries;
}

Result<std::string> EventLogReader::entryBundle(ProviderId provider,
                                                const evidence::TilePath& path) const {
  DOORSTEP_ASSIGN(const auto entries, entriesOf(provider, path));
  std::string bytes;
  for (const event_log::StoredEntry& stored : entries) {
    const std::string leaf = evidence::leafData(stored.entryHash, stored.arrivalHash);
    bytes.push_back(static_cast<char>(leaf.size() >> 8));
    bytes.push_back(static_cast<char>(leaf.size() & 0xff));
    bytes += leaf;
  }
  return bytes;
}

}  // namespace doorstep::http
